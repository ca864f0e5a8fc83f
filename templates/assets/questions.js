// Comfort only: what an answer does not open is not sent, so that who changes its mind is not told to empty a hidden field.
(function () {
  "use strict";

  var QUESTIONS = ".when-stays .when-discipline, .when-stays .when-day, .when-stays .when-added";

  function eachField(list, act) {
    Array.prototype.forEach.call(list, function (question) {
      Array.prototype.forEach.call(question.querySelectorAll("select"), function (field) {
        act(field, question);
      });
    });
  }

  function enable() {
    eachField(document.querySelectorAll(QUESTIONS), function (field) {
      field.disabled = false;
    });
  }

  // Of a pupil that leaves, what was answered of its courses is kept: it may come back on it.
  function skipHidden() {
    if (document.querySelector(".when-stays").offsetParent) {
      eachField(document.querySelectorAll(QUESTIONS), function (field, question) {
        field.disabled = window.getComputedStyle(question).display === "none"; // a folded one is not hidden
      });
    }
  }

  if (document.querySelector(".when-stays")) {
    document.querySelector(".when-stays").parentNode.addEventListener("submit", skipHidden);
    window.addEventListener("pageshow", enable);
  }
})();
