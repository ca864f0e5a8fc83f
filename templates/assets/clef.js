// Comfort only, and every page works without it: shows a password on demand, ticks its rule while it is typed, says
// how the re-enrolment period stands today, and goodbye.
(function () {
  "use strict";

  var QUIET = 1200; // milliseconds without typing before a screen reader is told

  function each(list, act) {
    Array.prototype.forEach.call(list, act);
  }

  function add(parent, tag, className, words) {
    var made = document.createElement(tag);
    made.className = className;
    made.appendChild(document.createTextNode(words));
    return parent.appendChild(made);
  }

  // « Afficher » and « Masquer ». The field is a password again before it is sent or left.
  function reveal(input) {
    var box = document.createElement("div");
    var button = document.createElement("button");
    var label = document.querySelector('label[for="' + input.id + '"]').textContent;
    var verb = add(button, "span", "", "");
    add(button, "span", "sr", "\u00a0: " + label);

    function show(isShown) {
      input.type = isShown ? "text" : "password";
      verb.textContent = isShown ? "Masquer" : "Afficher";
    }

    function mask() {
      show(false);
    }

    button.type = "button";
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", function () {
      show(input.type === "password");
    });
    input.form.addEventListener("submit", mask);
    window.addEventListener("pagehide", mask);
    box.className = "reveal";
    input.parentNode.insertBefore(box, input);
    box.appendChild(input);
    box.appendChild(button);
    mask();
  }

  // The rule, part by part: the server applies it in any case.
  function kind(category, fallback) {
    try {
      return new RegExp("\\p{" + category + "}", "u");
    } catch (unknown) {
      return fallback;
    }
  }

  var UPPER = kind("Lu", /[A-ZÀ-ÖØ-Þ]/);
  var LOWER = kind("Ll", /[a-zß-öø-ÿ]/);

  function length(typed) {
    var one = typed.normalize ? typed.normalize("NFC") : typed;
    return one.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, "_").length;
  }

  function check(list) {
    var input = document.getElementById(list.getAttribute("data-field"));
    var shortest = Number(list.getAttribute("data-shortest"));
    var longest = Number(list.getAttribute("data-longest"));
    var said = add(list.parentNode, "p", "sr", "");
    var waiting;

    var holds = {
      length: function (typed) { return length(typed) >= shortest && length(typed) <= longest; },
      upper: function (typed) { return UPPER.test(typed); },
      lower: function (typed) { return LOWER.test(typed); },
      digit: function (typed) { return /[0-9]/.test(typed); }
    };

    function look() {
      var missing = [];
      each(list.children, function (part) {
        var isMet = holds[part.getAttribute("data-part")](input.value);
        part.className = isMet ? "met" : "";
        part.lastChild.textContent = isMet ? "\u00a0: oui" : "\u00a0: non";
        if (!isMet) { missing.push(part.firstChild.nodeValue); }
      });
      clearTimeout(waiting);
      waiting = setTimeout(function () { say(missing); }, QUIET);
    }

    function say(missing) {
      var words = missing.length ? "Il manque\u00a0: " + missing.join(", ") + "." : "Toutes les conditions sont remplies.";
      if (!input.value) { words = ""; }
      if (words !== said.textContent) { said.textContent = words; }
    }

    each(list.children, function (part) { add(part, "span", "sr", ""); });
    said.setAttribute("role", "status");
    input.addEventListener("input", look);
    list.hidden = false;
    look();
  }

  // The day in Paris, as the server writes days; nothing where the browser cannot tell: the sentence that is there stays.
  function today() {
    try {
      var options = { timeZone: "Europe/Paris", year: "numeric", month: "2-digit", day: "2-digit" };
      var found = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(new Intl.DateTimeFormat("fr-FR", options).format(new Date()));
      return found && found[3] + "-" + found[2] + "-" + found[1];
    } catch (unknown) {
      return null;
    }
  }

  function tell(period) {
    var day = today();
    var state = day < period.getAttribute("data-opens-on") ? "before" : "during";
    if (day > period.getAttribute("data-closes-on")) { state = "after"; }
    if (day) { period.textContent = period.getAttribute("data-" + state); }
  }

  // Goodbye, to who comes from behind the login.
  var INSIDE = /\/extranet\/compte(?!\/(connexion|mot-de-passe-perdu|identifiant-perdu|ce-n-est-pas-moi|acces\/(premiere-connexion|code|choix|franceconnect|cle\b)))/;

  function sayGoodbye(box) {
    box.hidden = !INSIDE.test(document.referrer) || location.pathname !== "/extranet/usager";
  }

  each(document.querySelectorAll("input[type=password]"), reveal);
  each(document.querySelectorAll("#au-revoir"), sayGoodbye);
  each(document.querySelectorAll(".checks"), check);
  each(document.querySelectorAll("[data-opens-on]"), tell);
})();
