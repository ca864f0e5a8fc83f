// Comfort only, and the page works without it: a button that prints.
(function () {
  "use strict";

  var sentence = document.getElementById("imprimer");
  var actions = document.querySelector(".actions");
  var button = document.createElement("button");

  if (!sentence || !actions || !window.print) { return; }
  button.type = "button";
  button.appendChild(document.createTextNode("Imprimer"));
  button.addEventListener("click", function () { window.print(); });
  sentence.parentNode.removeChild(sentence);
  actions.insertBefore(button, actions.firstChild);
})();
