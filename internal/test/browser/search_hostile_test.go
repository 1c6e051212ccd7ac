package browser

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"golang.org/x/tools/txtar"
)

// hostile is a record whose every field tries to become markup. Each word
// "zebra" finds it.
const hostile = `---
title: '<img src=x onerror="document.title=1"> zebra "quoted" & <script>document.title=2</script>'
date: 2026-11-01T10:00:00+01:00
service: '"><script src="https://evil.example/zebra.js"></script>'
environment: "'><svg onload=document.title=3>"
deployer: ['javascript:document.title=4', "<b>zebra</b>"]
tags: ["<iframe src=https://evil.example/>", "--></style>"]
status: failed
---

# Zebra

` + "Zebra \u202egnp.exe\u202c and \u2067right\n" + `
## Issues Encountered

- zebra: <img src=https://evil.example/x.png onerror=document.title=5> broke
- zebra: ` + "`</script><script>document.title=6</script>`" + ` and [a link](javascript:document.title=7)

## Lessons Learned

- zebra &lt;b&gt;entities&lt;/b&gt; stay as they are, "quotes" and 'quotes' too
`

// hostileQueries are what somebody may be talked into opening.
var hostileQueries = []string{
	`"><img src=x onerror=document.title=1>`, `<script>document.title=2</script>`, `'-document.title-'`, `javascript:document.title=3`,
	`zebra"><svg/onload=document.title=4>`, `__proto__`, `constructor`, `service:__proto__`, `has:constructor`, `-`, `"`, `:`, `service:"`,
	"\u202ezebra\u0000", `%00%ff`, strings.Repeat("zebra ", 400), strings.Repeat("(", 200) + "[*+?^${}|", "<!--", "]]>", `\u003cimg\u003e`,
}

func buildHostile(t *testing.T) built {
	t.Helper()
	return build(t, made(t, "hostile", func(root string) error {
		return write(root, txtar.File{Name: "deployments/checklists/2026-11-01-10-00-deployment.md", Data: []byte(hostile)},
			txtar.File{Name: "deployments/checklists/2026-11-02-10-00-deployment.md", Data: []byte(hostile)})
	}))
}

// markup counts what must not come out of records and addresses.
const markup = `document.querySelectorAll("dialog :is(img, script, svg, iframe, b, style), [data-results] :is(img, script, svg, iframe, b, style), ` +
	`[data-facets] :is(img, script, svg, iframe, b, style), [data-seen-results] :is(img, script, svg, iframe, b, style)").length + ` +
	`document.querySelectorAll("[style], a[href^='javascript:'], a[href*='evil.example']").length`

func TestHostileRecordsStayText(t *testing.T) {
	t.Parallel()
	b := buildHostile(t)
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			tab.do(t, chromedp.Navigate(base+"index.html"), keys("/"), until(dialogOpen), searched("zebra", `<img src=x onerror="document.title=1">`))
			stayedText(t, tab, base, "the dialog")
			tab.do(t, chromedp.Navigate(base+"search/index.html?q=zebra"), until(hitTitles+`.length >= 2`),
				chromedp.Evaluate[chromedp.Void](`document.querySelectorAll(".facets .link:not([hidden])").forEach(b => b.click())`),
				until(`document.querySelector(".facets").textContent.includes("<script src=")`))
			stayedText(t, tab, base, "the page")
			tab.do(t, chromedp.Click(".facets input[name=service]"), until(`!!document.querySelector(".chip")`))
			stayedText(t, tab, base, "the page with a filter")
			tab.do(t, chromedp.Navigate("about:blank"), chromedp.Navigate(base+"search/index.html#error"), chromedp.WaitVisible("#search-error"),
				chromedp.SetValue("#search-error", `zebra: <img src=https://evil.example/x.png onerror=document.title=5> broke`),
				chromedp.Focus("[data-seen] button"), keys(kb.Enter), until(`document.querySelectorAll("[data-seen-results] .hit").length > 0`))
			stayedText(t, tab, base, "the box for errors")
		})
	}
}

func TestHostileQueriesStayText(t *testing.T) {
	t.Parallel()
	b := buildHostile(t)
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			for _, query := range hostileQueries {
				address := base + "search/index.html?" + url.Values{"q": {query}, "service": {query}, "kind": {"__proto__"}, query: {query}}.Encode()
				tab.do(t, chromedp.Navigate(address), until(`!document.querySelector("[data-results]").hidden && document.querySelector("[data-words]").children.length > 0`))
				stayedText(t, tab, base, query)
			}
			tab.do(t, chromedp.Navigate(base+"index.html"), keys("/"), until(dialogOpen))
			for _, query := range hostileQueries {
				tab.do(t, chromedp.Evaluate[chromedp.Void](`document.activeElement.value = `+quoted(query)+`; document.activeElement.dispatchEvent(new Event("input"))`),
					until(`document.querySelector(".finder-words").children.length + document.querySelectorAll(".finder-list [role=option]").length > 0`))
				stayedText(t, tab, base, query)
			}
		})
	}
}

// stayedText fails where markup got into the page, where a script ran, where
// the policy refused something, or where a request left the site.
func stayedText(t *testing.T, tab *browser, base, where string) {
	t.Helper()
	if n := eval[int](t, tab, markup); n != 0 {
		t.Errorf("%.60q: %d elements came from text", where, n)
	}
	if title := eval[string](t, tab, `document.title`); len(title) < 3 {
		t.Errorf("%.60q: a script ran and made the title %q", where, title)
	}
	for _, e := range tab.takeErrors() {
		t.Errorf("%.60q: %s", where, e)
	}
	for _, r := range tab.takeRequests() {
		if !strings.HasPrefix(r, base) && !strings.HasPrefix(r, "data:") && r != "about:blank" {
			t.Errorf("%.60q: a request went to %s", where, r)
		}
	}
}

// TestResultAddresses asks for the address of results as an index could never
// hold them, so that a mistake there is not a hole here.
func TestResultAddresses(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"search/index.html"), chromedp.WaitVisible("input[name=q]"))
	for address, want := range map[string]string{
		"records/2026-11-20-13-30/index.html#tip-1": "../records/2026-11-20-13-30/index.html#tip-1", "lessons/index.html": "../lessons/index.html",
		"javascript:alert(1)": "", "JAVASCRIPT:alert(1)": "", " javascript:alert(1)": "", "java\nscript:alert(1)": "", "data:text/html,x": "",
		"https://evil.example/": "", "https:records/": "", "//evil.example/": "", "/etc/passwd": "", "\\\\evil.example\\": "", "records\\x": "", "": "",
	} {
		if got := eval[string](t, tab, `deploysiteSearchParts.href(`+quoted(address)+`)`); got != want {
			t.Errorf("%q leads to %q, want %q", address, got, want)
		}
	}
}
