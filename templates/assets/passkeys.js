// Asks the browser for a passkey (WebAuthn level 2): the form says what for, and its field « cle » takes the answer.
(function () {
  "use strict";

  // What is no text goes to and fro as base64url, without padding.
  function bytes(words) {
    var plain = atob(words.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function words(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function known(asked) {
    return asked.known.split(" ").filter(Boolean).map(function (id) {
      return { type: "public-key", id: bytes(id) };
    });
  }

  function toUse(asked) {
    return {
      challenge: bytes(asked.challenge),
      rpId: asked.party,
      allowCredentials: known(asked),
      userVerification: "required"
    };
  }

  function toMake(asked) {
    return {
      challenge: bytes(asked.challenge),
      rp: { id: asked.party, name: asked.network },
      user: { id: bytes(asked.user), name: asked.address, displayName: asked.name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }], // ES256, RS256
      excludeCredentials: known(asked),
      authenticatorSelection: {
        residentKey: asked.resident,
        requireResidentKey: asked.resident === "required",
        userVerification: "required"
      },
      attestation: "none"
    };
  }

  function answer(credential, isNew) {
    var response = credential.response;
    var told = {
      id: words(credential.rawId),
      clientDataJSON: words(response.clientDataJSON),
      authenticatorData: words(isNew ? response.getAuthenticatorData() : response.authenticatorData)
    };
    if (!isNew) { told.signature = words(response.signature); }
    return words(new TextEncoder().encode(JSON.stringify(told)));
  }

  function isKnown(isNew) {
    return window.PublicKeyCredential && window.TextEncoder && navigator.credentials &&
      (!isNew || "getAuthenticatorData" in AuthenticatorAttestationResponse.prototype);
  }

  // Sends a form with the answer to what it asks for. `more`: further options for the browser.
  function present(form, more) {
    var isNew = form.dataset.passkey === "create";
    return Promise.resolve().then(function () {
      var options = Object.assign({ publicKey: (isNew ? toMake : toUse)(form.dataset) }, more);
      return isNew ? navigator.credentials.create(options) : navigator.credentials.get(options);
    }).then(function (credential) {
      form.elements.cle.value = answer(credential, isNew);
      form.submit();
    });
  }

  function begin(form) {
    var isNew = form.dataset.passkey === "create";
    var button = form.querySelector("[data-asks]");
    var said = form.querySelector("[data-says]");
    var offer = form.querySelector("[data-needs-script]");

    function say(what) {
      var words = form.querySelector('[data-when="' + what + '"]') || form.querySelector('[data-when="failed"]');
      said.className = what === "waiting" ? "" : "refusal";
      said.textContent = words.textContent;
    }

    function ask() {
      if (!isKnown(isNew)) { say("unsupported"); return; }
      button.disabled = true;
      say("waiting");
      present(form).catch(function (error) {
        button.disabled = false;
        say(error.name);
      });
    }

    if (!button) { return; } // it has answered already
    if (offer && isKnown(isNew)) { offer.hidden = false; }
    button.addEventListener("click", function (event) {
      event.preventDefault();
      ask();
    });
    if (!form.hasAttribute("data-waits")) { ask(); }
  }

  window.presentPasskey = present; // for login_methods.js
  document.querySelectorAll("form[data-passkey]").forEach(begin);
})();
