/* A "Show" button beside each password field. */

function offer(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-secondary show-password";
  const what = document.createElement("span");
  what.className = "visually-hidden";
  what.textContent = ` ${input.labels[0].firstChild.textContent.trim()}`;
  button.append(input.dataset.show, what);

  function show(shown) {
    const { selectionStart, selectionEnd } = input;
    input.type = shown ? "text" : "password";
    input.setSelectionRange(selectionStart, selectionEnd); // some browsers move the caret when the type changes
    button.setAttribute("aria-pressed", shown);
  }

  show(false);
  button.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the field
  button.addEventListener("click", () => show(input.type === "password"));
  /* What is a password field when the form goes is saved as a password, and not as what was once typed here. */
  input.form.addEventListener("submit", () => show(false));
  addEventListener("pagehide", () => show(false));
  input.spellcheck = false; // some spell checkers send what they check to a server
  input.autocapitalize = "none";
  input.after(button);
}

document.querySelectorAll("input[data-show]").forEach(offer);
