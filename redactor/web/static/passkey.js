// Asks the device for a passkey, puts its answer into the form and sends it. Without script there is the password.
const form = document.getElementById("passkey");
const button = document.getElementById("use-passkey");
const problem = document.getElementById("passkey-problem");
const making = form.dataset.kind === "make";

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

function asked() {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    for (const one of options[list] ?? []) one.id = bytes(one.id);
  }
  return { publicKey: options };
}

function answered(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

if (window.PublicKeyCredential) button.disabled = false;
else problem.hidden = false;
button.addEventListener("click", async () => {
  problem.hidden = true;
  if (making && !form.reportValidity()) return;
  try {
    const credential = await (making ? navigator.credentials.create(asked()) : navigator.credentials.get(asked()));
    form.elements.answer.value = answered(credential);
    form.submit();
  } catch {
    problem.hidden = false;
    problem.focus();
  }
});
