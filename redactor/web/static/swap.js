// Sends a form or follows a link without leaving the page, and puts in what the server answers: same addresses, same pages.
export async function fetched(address, options) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { answer, page };
}
export function put(id, page) {
  const fresh = page.getElementById(id), old = document.getElementById(id);
  if (!fresh || !old) return false;
  old.replaceWith(document.adoptNode(fresh));
  return true;
}
