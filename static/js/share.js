/* Copies a public page's address, or hands it to the browser's own share sheet where there is one. Nobody else is told. */

const box = document.querySelector("[data-share]");
const [copy, sheet, status] = ["[data-copy]", "[data-sheet]", "[role=status]"].map((part) => box.querySelector(part));
const { href: url } = document.querySelector("link[rel=canonical]");

copy.hidden = !navigator.clipboard;
copy.addEventListener("click", async () => {
  const copied = await navigator.clipboard.writeText(url).then(() => true, () => false);
  status.textContent = copied ? status.dataset.copied : status.dataset.failed;
});

sheet.hidden = !navigator.share;
sheet.addEventListener("click", () => navigator.share({ url }).catch(() => { /* closed again */ }));
