// Comfort only, and the page works without it: tells of a file, before it is sent, what could not be taken.
(function () {
  "use strict";

  function each(list, act) {
    Array.prototype.forEach.call(list, act);
  }

  function alertIn(form) {
    var made = document.createElement("p");
    made.className = "refusal";
    made.setAttribute("role", "alert");
    return form.appendChild(made);
  }

  // A file goes straight to the bucket, which answers in English what it does not take: told here, it never sees it.
  var KINDS = ["application/pdf", "image/jpeg", "image/png"];

  function megabytes(count) {
    return (Math.round(count / 104857.6) / 10 + "\u00a0Mo").replace(".", ",");
  }

  function wrong(file, largest) {
    if (file.size > largest) {
      var hardly = megabytes(file.size) === megabytes(largest) ? "un peu plus de " : "";
      return "Ce fichier fait " + hardly + megabytes(file.size) + "\u00a0: il faut au plus " + megabytes(largest) + ".";
    }
    if (file.size === 0) { return "Ce fichier est vide\u00a0: choisissez-en un autre."; }
    if (/^image\/hei[cf]/.test(file.type) || /\.hei[cf]$/i.test(file.name)) {
      return "Cette photo est au format HEIC, que l’administration ne peut pas ouvrir. Sur un iPhone, choisissez Réglages > Appareil photo > Formats > «\u00a0Le plus compatible\u00a0», puis reprenez la photo\u00a0; ou affichez la photo, faites une capture d’écran et envoyez-la.";
    }
    if (file.type && KINDS.indexOf(file.type) < 0) {
      return "Ce fichier n’est ni un PDF, ni une photo JPEG ou PNG\u00a0: choisissez-en un autre.";
    }
    return "";
  }

  function guard(form) {
    var input = form.querySelector("input[type=file]");
    var button = form.querySelector("button");
    var label = button.firstChild.nodeValue;
    var largest = Number(form.getAttribute("data-largest"));
    var said = alertIn(form);

    if (!input.files) { return; } // a very old browser tells nothing of a file

    function look() {
      var words = input.files.length ? wrong(input.files[0], largest) : "";
      said.textContent = words;
      if (words) { input.setAttribute("aria-invalid", "true"); } else { input.removeAttribute("aria-invalid"); }
      return words;
    }

    function rest() {
      button.disabled = false;
      button.firstChild.nodeValue = label;
    }

    form.insertBefore(said, button.parentNode);
    input.addEventListener("change", look);
    window.addEventListener("pageshow", rest);
    form.addEventListener("submit", function (event) {
      if (look()) {
        event.preventDefault();
        input.focus();
        return;
      }
      button.firstChild.nodeValue = "Envoi en cours…";
      setTimeout(function () { button.disabled = true; }, 0);
    });
  }

  // A file that was chosen and not sent would be forgotten: said once, then one may go on without it.
  function remind(form) {
    var said = alertIn(form);
    var isSaid = false;

    function forgotten() {
      var found = false;
      each(document.querySelectorAll("form.upload input[type=file]"), function (input) {
        found = found || Boolean(input.files && input.files.length);
      });
      return found;
    }

    form.addEventListener("submit", function (event) {
      if (isSaid || !forgotten()) { return; }
      isSaid = true;
      event.preventDefault();
      said.textContent = "Vous avez choisi un fichier sans l’envoyer\u00a0: touchez son bouton «\u00a0Envoyer\u00a0», ou enregistrez à nouveau pour continuer sans lui.";
    });
  }

  each(document.querySelectorAll("form.upload"), guard);
  each(document.querySelectorAll("form.after-uploads"), remind);
})();
