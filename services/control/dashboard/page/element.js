const SVG = 'http://www.w3.org/2000/svg'

/** An HTML element with attributes and children; text is only ever text. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children)
}

/** The same for SVG. */
export function shape(name, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children)
}

export function byId(id) {
  return document.getElementById(id)
}

/** Changes the text only where it differs, so that nothing is announced or repainted twice. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value))
  node.append(...children)
  return node
}
