/* The reader: one text at a time, chosen from a list that can be narrowed. */
function enhanceReader(reader) {
  const links = [...reader.querySelectorAll(".entries a")];
  const article = (link) => document.getElementById(link.hash.slice(1));
  const chosen = { language: "", kind: "", text: "" };

  const open = (link) => {
    for (const each of links) {
      each.toggleAttribute("aria-current", each === link);
      if (each === link) each.setAttribute("aria-current", "true");
      article(each).hidden = each !== link;
    }
    reveal(link);
  };

  // Within the list only: the page itself stays where it is.
  const reveal = (link) => {
    const list = reader.querySelector(".listing");
    const [box, item] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
    if (item.top < box.top) list.scrollTop -= box.top - item.top;
    if (item.bottom > box.bottom) list.scrollTop += item.bottom - box.bottom;
  };

  // Nothing is open where nothing is found.
  const none = make("p", { class: "note none" });
  const close = () => {
    for (const link of links) {
      link.removeAttribute("aria-current");
      article(link).hidden = true;
    }
  };

  const visibleLinks = () => links.filter((link) => !link.parentElement.hidden);

  const step = (by) => {
    const listed = visibleLinks();
    const at = listed.findIndex((link) => link.hasAttribute("aria-current"));
    const next = listed[Math.min(Math.max(at + by, 0), listed.length - 1)];
    if (!next) return;
    open(next);
    next.focus({ preventScroll: true });
  };

  const narrow = () => {
    for (const link of links) link.parentElement.hidden = !matches(link, article(link), chosen);
    const listed = visibleLinks();
    none.hidden = listed.length > 0;
    none.textContent = chosen.text ? "No page has these words." : "No page is of this language and kind.";
    if (!listed.length) close();
    else if (!listed.some((link) => link.hasAttribute("aria-current"))) open(listed[0]);
    tell(`${listed.length} of ${links.length} pages`);
    reader.parentElement.querySelector(".matches").textContent = `${listed.length} of ${links.length} pages`;
  };

  none.hidden = true;
  reader.querySelector(".articles").append(none);
  reader.before(readerTools(links, chosen, narrow));
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      open(link);
    });
  }
  reader.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const arrows = event.target.closest(".listing") ? { ArrowDown: 1, ArrowUp: -1 } : {};
    const by = { j: 1, k: -1, ...arrows }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  });
  // A link elsewhere in the page to a text opens it.
  const follow = () => {
    const link = links.find((each) => each.hash === location.hash);
    if (!link) return;
    none.hidden = true;
    open(link);
    document.getElementById(`${location.hash.slice(1)}-title`).focus();
  };
  addEventListener("hashchange", follow);
  for (const source of reader.querySelectorAll(".source")) source.append(copyButton(source.textContent));
  open(links[0]);
  follow();
}

function matches(link, article, { language, kind, text }) {
  const words = (link.textContent + article.textContent).toLowerCase();
  return (
    (!language || link.dataset.language === language) && (!kind || link.dataset.kind === kind) && words.includes(text)
  );
}

function readerTools(links, chosen, changed) {
  const tools = make("div", { class: "tools" });
  const choice = (label, key) => {
    const select = make("select");
    select.append(make("option", { value: "" }, "all"));
    for (const value of [...new Set(links.map((link) => link.dataset[key]))].sort())
      select.append(make("option", { value }, value));
    return field(label, select, "change", () => (chosen[key] = select.value));
  };
  const field = (label, control, event, act) => {
    const wrapper = make("label", {}, `${label} `);
    wrapper.append(control);
    control.addEventListener(event, () => {
      act();
      changed();
    });
    return wrapper;
  };
  const search = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
  tools.append(
    choice("Language", "language"),
    choice("Kind", "kind"),
    field("Words", search, "input", () => (chosen.text = search.value.trim().toLowerCase())),
    make("span", { class: "matches" }, `${links.length} of ${links.length} pages`),
  );
  return tools;
}

/* An address is text to be copied, with open eyes, never a link. */
function copyButton(address) {
  const button = make("button", { type: "button", class: "button quiet" }, "Copy address");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address);
      tell("Copied");
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(button.parentElement.querySelector("bdi")); // no leave to copy: one key is left
    }
  });
  return button;
}
