// Package browser looks at the site in a real browser: what runs there,
// what an accessibility checker says, and whether anything leaves the site.
//
// All tests share one browser, and the sites that they look at. They run side by
// side, each in tabs of its own.
package browser

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAccessibility opens every page type from a server, where nothing may leave
// the site, and shows it to axe, in its light colours and in its dark ones.
// Nothing but colours differs between the two, so the rules about those are all
// that a page has to follow again.
func TestAccessibility(t *testing.T) {
	t.Parallel()
	for name, root := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, tab := build(t, root), open(t)
			for _, page := range pageTypes(b) {
				t.Run(page, func(t *testing.T) {
					tab.setScheme(t, "light")
					if name == "legacy" { // its records show pictures from elsewhere
						tab.do(t, chromedp.Navigate(b.url+page))
					} else {
						staysInSite(t, tab, b.url, page)
					}
					violations(t, tab, allRules)
					tab.setScheme(t, "dark")
					violations(t, tab, colourRules)
				})
			}
		})
	}
}

// What axe is asked to check: all that it checks by itself, or what of this is
// about colours.
const (
	allRules    = `{}`
	colourRules = `{runOnly: ["cat.color"], rules: {"color-contrast-enhanced": {enabled: false}}}`
)

var axe = sync.OnceValues(func() (string, error) {
	script, err := os.ReadFile("npm/node_modules/axe-core/axe.min.js")
	if err != nil {
		return "", fmt.Errorf("axe-core is not installed: %w; run: mise run setup-test", err)
	}
	return string(script), nil
})

// withoutRepeats takes from the page what it says again in the same form: of rows,
// notes or links that differ in nothing but texts and addresses, all but two (one
// of each stripe) go. What is left has every form that the page has, and axe is
// done with it in a fraction of the time.
const withoutRepeats = `(() => {
	const texts = /^(href|src|id|title|datetime|value|name|aria-label|data-.*|d|[xyr][12]?|c[xy]|width|height|points|transform)$/;
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

// violations fails the test with what axe finds on the page.
func violations(t *testing.T, tab *browser, rules string) {
	t.Helper()
	script, err := axe()
	if err != nil {
		t.Fatal(err)
	}
	if !eval[bool](t, tab, `typeof axe === "object" && !!axe.run`) {
		tab.do(t, chromedp.Evaluate[chromedp.Void](withoutRepeats), chromedp.Evaluate[chromedp.Void](script))
	}
	found := get(t, tab, chromedp.Evaluate[string](`axe.run(document, {resultTypes: ["violations"], ...`+rules+`}).then(r => JSON.stringify({
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
	if result.Passes == 0 {
		t.Error("axe checked nothing")
	}
	for _, v := range result.Violations {
		t.Errorf("%s: %s\n\t%s", v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}

// TestNothingLeavesTheDisk opens the pages of the example from the disk, where
// nothing may leave the site either.
func TestNothingLeavesTheDisk(t *testing.T) {
	t.Parallel()
	b, tab := build(t, example), open(t)
	for _, page := range pageTypes(b) {
		staysInSite(t, tab, b.places()["file"], page)
	}
}

// staysInSite opens a page: no error, nothing refused by the policy, no request
// to anywhere else.
func staysInSite(t *testing.T, tab *browser, base, page string) {
	t.Helper()
	tab.takeErrors()
	tab.takeRequests()
	tab.do(t, chromedp.Navigate(base+page), chromedp.WaitReady("main"))
	for _, e := range tab.takeErrors() {
		t.Errorf("%s: %s", page, e)
	}
	requests := tab.takeRequests()
	if len(requests) < 3 { // the page, its style and its script at least
		t.Errorf("%s: only %d requests were seen", page, len(requests))
	}
	for _, r := range requests {
		if !strings.HasPrefix(r, base) && !strings.HasPrefix(r, "data:") {
			t.Errorf("%s asks %s", page, r)
		}
	}
}

func TestThemeIsKept(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			click := chromedp.Click("[data-theme-switch]")
			tab.do(t, chromedp.Navigate(base+"index.html"), click, click, chromedp.Navigate(base+"lessons/index.html"))
			label := eval[string](t, tab, `document.querySelector("[data-theme-switch]").getAttribute("aria-label")`)
			scheme := eval[string](t, tab, `getComputedStyle(document.documentElement).colorScheme`)
			if label != "Theme: dark" || scheme != "dark" {
				t.Errorf("after two clicks and another page: %q, color-scheme %q", label, scheme)
			}
		})
	}
}

func TestReadingProgressIsKept(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"onboarding/index.html"), chromedp.Click(".reading li:nth-child(2) input"), chromedp.Reload())
	progress := get(t, tab, chromedp.Text("[data-progress]"))
	if !strings.HasPrefix(progress, "1 of ") {
		t.Errorf("progress is %q", progress)
	}
}
