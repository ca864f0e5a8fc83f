// Comfort only, and the page works without it: shows the offers of passkeys where the browser has them, and proposes those
// of this device in the field « Identifiant » (WebAuthn level 3, conditional mediation).
(function () {
  "use strict";

  var key = window.PublicKeyCredential;
  var field = document.querySelector('[autocomplete~="webauthn"]');
  var page = "/extranet/compte/acces/cle";
  var renewal = 12 * 60 * 1000; // a challenge lasts 15 minutes
  var form = null;
  var asked = null;
  var next;

  // `here`: only where this device itself can make one. Else a telephone may answer for it.
  function show(offer) {
    if (offer.getAttribute("data-needs-passkeys") !== "here") { offer.hidden = false; return; }
    key.isUserVerifyingPlatformAuthenticatorAvailable().then(function (has) { offer.hidden = !has; });
  }

  function script(read) {
    return new Promise(function (resolve, reject) {
      var made = document.createElement("script");
      if (window.presentPasskey) { resolve(); return; }
      made.src = read.querySelector('script[src*="passkeys"]').getAttribute("src");
      made.onload = resolve;
      made.onerror = reject;
      document.head.appendChild(made);
    });
  }

  // A form that this login carries goes on with the passkey's.
  function carry(form) {
    document.querySelectorAll('input[type="hidden"][name^="repris"]').forEach(function (input) {
      form.appendChild(input.cloneNode());
    });
  }

  function stop() {
    clearTimeout(next);
    if (asked) { asked.abort(); }
    if (form) { form.remove(); }
    asked = form = null;
  }

  function ask() {
    var waits = new AbortController();
    stop();
    asked = waits;
    next = setTimeout(ask, renewal);
    fetch(page, { signal: waits.signal }).then(function (answer) { return answer.text(); }).then(function (text) {
      var read = new DOMParser().parseFromString(text, "text/html");
      return script(read).then(function () {
        if (waits.signal.aborted) { return null; }
        form = document.importNode(read.querySelector("form[data-passkey]"), true);
        form.hidden = true;
        carry(form);
        document.body.appendChild(form);
        return window.presentPasskey(form, { mediation: "conditional", signal: waits.signal });
      });
    }).catch(function () {}); // the password, and the page of passkeys, are there
  }

  if (!key) { return; }
  document.querySelectorAll("[data-needs-passkeys]").forEach(show);
  if (!field || !key.isConditionalMediationAvailable || !window.AbortController) { return; }
  key.isConditionalMediationAvailable().then(function (has) {
    if (!has) { return; }
    ask();
    window.addEventListener("pagehide", stop);
    window.addEventListener("pageshow", function (event) { if (event.persisted) { ask(); } });
  });
})();
