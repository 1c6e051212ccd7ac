package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
)

// axe is the source of the checker.
var axe = sync.OnceValues(func() (string, error) {
	script, err := os.ReadFile("npm/node_modules/axe-core/axe.min.js")
	if err != nil {
		return "", fmt.Errorf("axe-core is not installed: %w; run: mise run setup-test", err)
	}
	return string(script), nil
})

// texts is a regular expression of attributes that do not change what form an element has.
const texts = `/^(href|src|id|title|datetime|value|name|aria-label|data-.*|d|[xyr][12]?|c[xy]|width|height|points|transform)$/`

// withoutRepeats takes from the page what it says again in the same form: of rows,
// notes or links that differ in nothing but texts and addresses, all but two (one
// of each stripe) go. What is left has every form that the page has, and axe is
// done with it in a fraction of the time.
const withoutRepeats = `(() => {
	const texts = ` + texts + `;
	const named = new Set([...document.querySelectorAll("[for], [aria-labelledby], [aria-describedby], [aria-controls], [aria-activedescendant], [aria-owns]")].flatMap(e =>
		["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant", "aria-owns"].flatMap(a => (e.getAttribute(a) || "").split(" "))));
	const forms = new Map(), count = new Map(), repeats = [];
	const form = e => {
		if (!forms.has(e)) {
			const inner = [...e.childNodes].map(n => n.nodeType === 1 ? form(n) : n.nodeType === 3 && n.data.trim() ? "text" : "");
			forms.set(e, e.localName + [...e.attributes].map(a => " " + a.name + (texts.test(a.name) && !named.has(a.value) ? !a.value : "=" + a.value)).join("") +
				(e.scrollWidth > e.clientWidth ? " scrolls" : "") + "<" + inner + ">");
		}
		return forms.get(e);
	};
	const walk = (parent, path) => {
		const here = new Set();
		for (const e of parent.children) {
			const key = path + form(e), n = count.get(key) || 0;
			if (n >= 2 && here.has(key)) repeats.push(e); else walk(e, path + e.localName + "." + e.className + " ");
			count.set(key, n + 1);
			here.add(key);
		}
	};
	walk(document.body, "");
	repeats.forEach(e => e.remove());
})()`

// listLooks lists the elements with text of their own, and the look of each: all that its
// contrast can depend on. That is its form, its colours and its size, whether it is cut
// off, and the same of what it stands in.
const listLooks = `(() => {
	const texts = ` + texts + `, looks = new Map();
	const sum = text => {
		let a = 0, b = 7;
		for (let i = 0; i < text.length; i++) {
			a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
			b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
		}
		return a + " " + b;
	};
	const look = e => {
		if (!e) return {sum: innerWidth + " " + document.querySelectorAll("dialog[open]").length, clips: []};
		if (!looks.has(e)) {
			const parent = look(e.parentElement), s = getComputedStyle(e), box = e.getBoundingClientRect();
			const form = e.localName + [...e.attributes].map(a => " " + a.name + (texts.test(a.name) ? "" : "=" + a.value)).join("");
			const style = [s.color, s.backgroundColor, s.backgroundImage, s.opacity, s.fontSize, s.fontWeight, s.textShadow, s.filter, s.mixBlendMode, s.position, s.display, s.visibility, s.clipPath].join();
			const cut = parent.clips.some(c => box.right <= c.left || box.left >= c.right || box.bottom <= c.top || box.top >= c.bottom);
			looks.set(e, {sum: sum(parent.sum + form + style + cut + (box.width > 1 && box.height > 1)), clips: s.overflow === "visible" ? parent.clips : [...parent.clips, box]});
		}
		return looks.get(e);
	};
	window.looked = [...document.querySelectorAll("body *")].filter(e =>
		/^(input|select|textarea)$/.test(e.localName) || [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()));
	return window.looked.map(e => look(e).sum);
})()`

// looks are those that axe has seen the colours of. The same look on another page, or in
// another site, has the same contrast, so each is checked once.
type looks struct {
	seen   sync.Map
	passes atomic.Int64
}

func newLooks(t *testing.T) *looks {
	l := &looks{}
	t.Cleanup(func() {
		if l.passes.Load() == 0 && !t.Failed() {
			t.Error("axe checked no colours")
		}
	})
	return l
}

// checkStructure fails the test with what axe finds on the page, colours aside.
func checkStructure(t *testing.T, tab *browser) {
	t.Helper()
	if runAxe(t, tab, `document`, `{rules: {"color-contrast": {enabled: false}, "link-in-text-block": {enabled: false}}}`) == 0 {
		t.Error("axe checked nothing")
	}
}

// checkColours fails the test with what axe finds in the colours of the page, but for
// looks that were seen before.
func checkColours(t *testing.T, tab *browser, l *looks) {
	t.Helper()
	loadAxe(t, tab)
	var fresh []int
	for i, look := range eval[[]string](t, tab, listLooks) {
		if _, old := l.seen.LoadOrStore(look, true); !old {
			fresh = append(fresh, i)
		}
	}
	if len(fresh) == 0 {
		return
	}
	elements, _ := json.Marshal(fresh)
	tab.do(t, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(hideBut, elements)))
	l.passes.Add(int64(runAxe(t, tab, `document`, `{runOnly: ["color-contrast", "link-in-text-block"]}`)))
	tab.do(t, chromedp.Evaluate[chromedp.Void](`hiding.forEach(e => e.style.visibility = "")`))
}

// hideBut hides the listed elements but for some, which keeps axe from looking at them.
// All stay where they are.
const hideBut = `(() => {
	const shown = new Set();
	for (const i of %s) for (let e = looked[i]; e; e = e.parentElement) shown.add(e);
	window.hiding = looked.filter(e => !shown.has(e));
	hiding.forEach(e => e.style.visibility = "hidden");
})()`

func loadAxe(t *testing.T, tab *browser) {
	t.Helper()
	script, err := axe()
	if err != nil {
		t.Fatal(err)
	}
	if !eval[bool](t, tab, `typeof axe === "object" && !!axe.run`) {
		tab.do(t, chromedp.Evaluate[chromedp.Void](withoutRepeats), chromedp.Evaluate[chromedp.Void](script))
	}
}

// runAxe fails the test with what axe finds in a part of the page, and returns how many
// rules hold there.
func runAxe(t *testing.T, tab *browser, context, options string) (passes int) {
	t.Helper()
	loadAxe(t, tab)
	found := get(t, tab, chromedp.Evaluate[string](`axe.run(`+context+`, {resultTypes: ["violations"], ...`+options+`}).then(r => JSON.stringify({
		violations: r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html + " " + (n.any[0] ? n.any[0].message : ""))})),
		passes: r.passes.length}))`, chromedp.EvalAwaitPromise))
	var result struct {
		Violations []struct {
			ID, Help string
			Nodes    []string
		}
		Passes int
	}
	if err := json.Unmarshal([]byte(found), &result); err != nil {
		t.Fatal(err)
	}
	for _, v := range result.Violations {
		t.Errorf("%s: %s\n\t%s", v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
	return result.Passes
}
