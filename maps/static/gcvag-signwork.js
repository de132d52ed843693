// How is what was typed about a sign kept, when the network or the log-in is gone?
(function () {
  "use strict";

  var work = document.getElementById("sign-work");

  function told(answer) {
    if (!answer) { return work.dataset.offline; }
    if (new URL(answer.url).pathname === "/logga-in") { return work.dataset.login; }
    return answer.ok ? work.dataset.saved : work.dataset.fault;
  }
  // Without this script the form is sent as any other; with it the page stays, and says what came of it.
  work.addEventListener("submit", async function (event) {
    event.preventDefault();
    var form = event.target, said = form.querySelector("[role=status]");
    said.textContent = "";
    var answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(/** @type {any} */ (new FormData(form))) })
      .catch(function () { return null; });
    said.textContent = told(answer);
  });
})();
