// Passkeys: on submit, ask the device for an answer and send it with the form. Without support, the forms stay hidden.
const supported = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;

async function readOptions(source) {
  if (source.startsWith("{")) return JSON.parse(source);
  const response = await fetch(source, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`Status ${response.status}`);
  return response.json();
}

async function askDevice(form) {
  const { creation_options: creation, request_options: request } = await readOptions(form.dataset.passkey);
  if (request) return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(request.publicKey) });
  const alone = form.elements.passwordless?.checked ?? true;
  const selection = creation.publicKey.authenticatorSelection;
  Object.assign(selection, { residentKey: alone ? "required" : "discouraged", requireResidentKey: alone });
  if (alone) selection.userVerification = "required";
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(creation.publicKey) });
}

for (const form of supported ? document.querySelectorAll("form[data-passkey]") : []) {
  const problem = form.querySelector("[data-problem]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.textContent = "";
    try {
      form.elements.credential.value = JSON.stringify(await askDevice(form));
      form.submit();
    } catch {
      problem.textContent = problem.dataset.problem;
    }
  });
}
