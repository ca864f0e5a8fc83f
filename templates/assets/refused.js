// Comfort only, on a page that refuses a form: who comes back to it later gets its form anew, not the browser's
// « ERR_CACHE_MISS » for a page that was posted and that nothing may keep.
(function () {
  "use strict";

  var address = document.currentScript && document.currentScript.getAttribute("data-address");

  if (window.history && history.replaceState) { history.replaceState(null, "", address || location.pathname); }
})();
