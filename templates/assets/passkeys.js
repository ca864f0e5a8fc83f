// Asks the browser for a passkey (WebAuthn level 2): the form says what for, and its field « cle » takes the answer.
(function () {
  "use strict";

  var form = document.querySelector("form[data-passkey]");
  var asked = form.dataset;
  var isNew = asked.passkey === "create";
  var button = form.querySelector("[data-asks]");
  var said = form.querySelector("[data-says]");
  var offer = form.querySelector("[data-needs-script]");

  function say(what) {
    var words = form.querySelector('[data-when="' + what + '"]') || form.querySelector('[data-when="failed"]');
    said.className = what === "waiting" ? "" : "refusal";
    said.textContent = words.textContent;
  }

  // What is no text goes to and fro as base64url, without padding.
  function bytes(words) {
    var plain = atob(words.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (letter) { return letter.charCodeAt(0); });
  }

  function words(buffer) {
    var plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function known() {
    return asked.known.split(" ").filter(Boolean).map(function (id) {
      return { type: "public-key", id: bytes(id) };
    });
  }

  function toUse() {
    return {
      challenge: bytes(asked.challenge),
      rpId: asked.party,
      allowCredentials: known(),
      userVerification: "required"
    };
  }

  function toMake() {
    return {
      challenge: bytes(asked.challenge),
      rp: { id: asked.party, name: asked.network },
      user: { id: bytes(asked.user), name: asked.address, displayName: asked.name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }], // ES256, RS256
      excludeCredentials: known(),
      authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
      attestation: "none"
    };
  }

  function answer(credential) {
    var response = credential.response;
    var told = {
      id: words(credential.rawId),
      clientDataJSON: words(response.clientDataJSON),
      authenticatorData: words(isNew ? response.getAuthenticatorData() : response.authenticatorData)
    };
    if (!isNew) { told.signature = words(response.signature); }
    return words(new TextEncoder().encode(JSON.stringify(told)));
  }

  function isKnown() {
    return window.PublicKeyCredential && window.TextEncoder && navigator.credentials &&
      (!isNew || "getAuthenticatorData" in AuthenticatorAttestationResponse.prototype);
  }

  function ask() {
    if (!isKnown()) { say("unsupported"); return; }
    button.disabled = true;
    say("waiting");
    Promise.resolve().then(function () {
      var options = { publicKey: isNew ? toMake() : toUse() };
      return isNew ? navigator.credentials.create(options) : navigator.credentials.get(options);
    }).then(function (credential) {
      form.elements.cle.value = answer(credential);
      form.submit();
    }).catch(function (error) {
      button.disabled = false;
      say(error.name);
    });
  }

  if (!button) { return; } // it has answered already
  if (offer && isKnown()) { offer.hidden = false; }
  button.addEventListener("click", function (event) {
    event.preventDefault();
    ask();
  });
  if (!form.hasAttribute("data-waits")) { ask(); }
})();
