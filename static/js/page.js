/* What every page needs: Back shows nothing private, and a calm page when the connection drops. */

const root = document.documentElement;

/* A private page that the browser keeps whole is hidden as it goes, and asked for again when it comes back. */
if ("private" in root.dataset) {
  addEventListener("pagehide", () => { root.hidden = true; });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}

navigator.serviceWorker?.register("/sw.js").catch(() => { /* it is not needed */ });
