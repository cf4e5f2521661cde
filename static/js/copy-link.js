// <copy-link from="id-of-a-field">: a button that copies the field's value. Without JavaScript the field itself remains.
class CopyLink extends HTMLElement {
  connectedCallback() {
    if (this.firstElementChild) {
      return;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.getAttribute("label") || "Copy link";
    const said = document.createElement("span");
    said.className = "copy-said";
    said.setAttribute("role", "status");
    this.append(button, said);
    button.addEventListener("click", () => this.copy(said));
  }

  async copy(said) {
    const field = document.getElementById(this.getAttribute("from"));
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copied.";
    } catch {
      // No clipboard on plain HTTP: select the text, so that one key copies it.
      field.focus();
      field.select();
      said.textContent = "Selected: press Ctrl+C or Cmd+C.";
    }
  }
}

customElements.define("copy-link", CopyLink);
