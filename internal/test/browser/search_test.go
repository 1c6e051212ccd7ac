package browser

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What a reader sees of the dialog, as scripts for eval and until.
const (
	dialogOpen  = `!!document.querySelector("dialog.finder[open]")`
	focusInside = `document.activeElement.getAttribute("role") === "combobox"`
	chosenText  = `(document.querySelector("#" + CSS.escape(document.activeElement.getAttribute("aria-activedescendant") || "-")) || {textContent: ""}).textContent`
	optionTexts = `[...document.querySelectorAll(".finder-list [role=option]")].map(o => o.textContent)`
	hitTitles   = `[...document.querySelectorAll("[data-hits] h2")].map(h => h.textContent)`
)

// A known record of the example, and a query that finds it first.
const (
	knownQuery = "certificates renew themselves"
	knownTitle = "certificates renew themselves"
	knownPage  = "records/2025-06-05-13-30/index.html"
)

// until waits for a script to be true. Unlike chromedp's own polls it outlives
// the page on which it began.
func until(script string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (void chromedp.Void, err error) {
		var holds bool
		for ; ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
			if holds, err = chromedp.Evaluate[bool](script)(ctx, target); holds && err == nil {
				return void, nil
			}
		}
		return void, fmt.Errorf("never true: %s (%v)", script, err)
	}
}

func keys(text string) chromedp.Action[chromedp.Void] { return chromedp.KeyEvent(text) }

// searched types a query into the open dialog and waits until its answer holds a text.
func searched(query, text string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(chromedp.SendKeys(".finder input[role=combobox]", query),
		until(`(() => {
			const all = document.querySelector(".finder-all"), text = document.querySelector(".finder-body").textContent;
			return (!all || new URL(all.href).searchParams.get("q") === `+quoted(query)+`) && text.includes(`+quoted(text)+`);
		})()`))
}

// quoted is a text as a literal of a script.
func quoted(text string) string { return "decodeURIComponent(\"" + url.PathEscape(text) + "\")" }

func TestSearchDialog(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			tab.do(t, chromedp.Navigate(base+"records/2026-11-20-13-30/index.html"), keys("/"), until(dialogOpen+" && "+focusInside))
			if value := eval[string](t, tab, `document.activeElement.value`); value != "" {
				t.Errorf("the key that opens the dialog wrote %q into it", value)
			}
			tab.do(t, searched(knownQuery, knownTitle), until(chosenText+`.includes(`+quoted(knownTitle)+`)`))
			options := eval[[]string](t, tab, optionTexts)
			if !strings.Contains(options[0], knownTitle) || len(options) < 3 {
				t.Fatalf("the options are %q", options)
			}
			moves := []struct {
				key  string
				want int
			}{{kb.ArrowDown, 1}, {kb.ArrowDown, 2}, {kb.ArrowUp, 1}, {kb.End, len(options) - 1}, {kb.ArrowDown, 0},
				{kb.ArrowUp, len(options) - 1}, {kb.Home, 0}}
			for _, m := range moves {
				tab.do(t, keys(m.key))
				if chosen := eval[string](t, tab, chosenText); chosen != options[m.want] {
					t.Errorf("after %q the option is %q, want %q", m.key, chosen, options[m.want])
				}
			}
			tab.do(t, keys(kb.PageDown))
			if chosen := eval[string](t, tab, chosenText); chosen == options[0] {
				t.Error("Page Down stays where it is")
			}
			tab.do(t, keys(kb.Home), keys(kb.Enter), until(`document.title.includes(`+quoted(knownTitle)+`)`))
			if address := get(t, tab, chromedp.Location()); address != base+knownPage {
				t.Errorf("Enter leads to %s", address)
			}
			for _, e := range tab.takeErrors() {
				t.Error(e)
			}
		})
	}
}

// TestSearchFromEveryDepth follows a result from pages of several folders, and
// looks at what they load before anybody searches.
func TestSearchFromEveryDepth(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			for _, page := range []string{"index.html", "404.html", "lessons/index.html", "timeline/2026/index.html", "records/2026-11-20-13-30/index.html"} {
				tab.takeRequests()
				tab.do(t, chromedp.Navigate(base+page), chromedp.WaitReady("main"), until(`document.querySelector("[data-search]").getAttribute("aria-haspopup") === "dialog"`))
				for _, r := range tab.takeRequests() {
					if strings.Contains(r, "/search/") || strings.Contains(r, "search-engine") {
						t.Errorf("%s loads %s before it is needed", page, r)
					}
				}
				tab.do(t, keys("/"), until(dialogOpen), searched(knownQuery, knownTitle), keys(kb.Enter), until(`document.title.includes(`+quoted(knownTitle)+`)`))
				if address := get(t, tab, chromedp.Location()); address != base+knownPage {
					t.Errorf("from %s to %s", page, address)
				}
			}
			for _, e := range tab.takeErrors() {
				t.Error(e)
			}
		})
	}
}

func TestSearchOpensAndCloses(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"timeline/index.html"), chromedp.Focus("input[name=q]"), keys("a/b"))
	if eval[bool](t, tab, dialogOpen) || eval[string](t, tab, `document.activeElement.value`) != "a/b" {
		t.Error("a slash in a field opens the search, or is lost")
	}
	tab.do(t, chromedp.KeyEvent("k", chromedp.KeyModifiers(2)), until(dialogOpen+" && "+focusInside), // Ctrl
		keys(kb.Escape), until("!"+dialogOpen))
	if focus := eval[string](t, tab, `document.activeElement.name`); focus != "q" {
		t.Errorf("after Esc the focus is on %q, not where it was", focus)
	}
	tab.do(t, chromedp.Click("[data-search]"), until(dialogOpen), chromedp.MouseClickXY(5, 600), until("!"+dialogOpen))
	tab.do(t, chromedp.Click("[data-search]"), until(dialogOpen), chromedp.Click(".finder-settings input"), keys(kb.Escape), until("!"+dialogOpen),
		chromedp.Navigate(b.url+"index.html"), keys("/"), keys("x"))
	if eval[bool](t, tab, dialogOpen) {
		t.Error("the key opens the dialog although it was switched off")
	}
	if address := get(t, tab, chromedp.Location()); address != b.url+"index.html" {
		t.Errorf("the link led to %s", address)
	}
}

// TestEnterMeansTheNewestQuery presses Enter in the moment in which something
// else is typed: the answer to that is meant, not what still stands there.
func TestEnterMeansTheNewestQuery(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"index.html"), keys("/"), until(dialogOpen), searched("passkeys", "passkeys"),
		chromedp.Evaluate[chromedp.Void](`(() => {
			const input = document.activeElement;
			input.value = `+quoted(knownQuery)+`;
			input.dispatchEvent(new Event("input", {bubbles: true}));
			input.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}));
		})()`),
		until(`document.title.includes(`+quoted(knownTitle)+`)`))
}

func TestSearchInANewTab(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	own := chromedp.FromContext(tab).Target.TargetID
	opened := chromedp.WaitNewTarget(tab.Context, func(i *target.Info) bool { return i.OpenerID == own })
	tab.do(t, chromedp.Navigate(b.url+"index.html"), keys("/"), until(dialogOpen), searched(knownQuery, knownTitle),
		until(chosenText+`.includes(`+quoted(knownTitle)+`)`), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2)))
	select {
	case id := <-opened:
		ctx, cancel := chromedp.NewContext(tab.Context, chromedp.WithTargetID(id))
		defer cancel()
		other := &browser{Context: ctx}
		other.do(t, until(`document.title.includes(`+quoted(knownTitle)+`)`))
	case <-time.After(patience):
		t.Fatal("no tab was opened")
	}
	if address := get(t, tab, chromedp.Location()); address != b.url+"index.html" || !eval[bool](t, tab, dialogOpen) {
		t.Errorf("the first tab is at %s", address)
	}
}

func TestRecentQueries(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	recent := `[...document.querySelectorAll(".finder-recent bdi")].map(e => e.textContent).join(", ")`
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			for _, query := range []string{"passkeys", knownQuery} {
				tab.do(t, chromedp.Navigate(base+"index.html"), keys("/"), until(dialogOpen), searched(query, query), keys(kb.Enter), until(`location.pathname.includes("/records/") && document.readyState === "complete"`))
			}
			tab.do(t, keys("/"), until(dialogOpen))
			if got := eval[string](t, tab, recent); got != knownQuery+", passkeys" {
				t.Errorf("recent queries are %q", got)
			}
			tab.do(t, keys(kb.ArrowDown), keys(kb.Delete))
			if got := eval[string](t, tab, recent); got != "passkeys" {
				t.Errorf("after Delete they are %q", got)
			}
			tab.do(t, keys(kb.Enter), until(`document.querySelector(".finder-all") && document.activeElement.value === "passkeys"`))
			tab.do(t, chromedp.Reload(), chromedp.WaitReady("main"), keys("/"), until(dialogOpen), chromedp.Click(".finder-drop"), until(`!document.querySelector(".finder-recent") && `+focusInside))
		})
	}
}

// TestSearchWithoutStorage searches where the browser keeps nothing.
func TestSearchWithoutStorage(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	if _, err := chromedp.Call(tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `Object.defineProperty(window, "localStorage", {get() { throw new Error("denied"); }})`}); err != nil {
		t.Fatal(err)
	}
	tab.do(t, chromedp.Navigate(b.url+"index.html"), keys("/"), until(dialogOpen), searched(knownQuery, knownTitle),
		keys(kb.Enter), until(`document.title.includes(`+quoted(knownTitle)+`)`))
	for _, e := range tab.takeErrors() {
		t.Error(e)
	}
}

func TestValuesOfFields(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"index.html"), keys("/"), until(dialogOpen), searched("by:lindq", "Håkan Lindqvist"),
		until(chosenText+`.includes("Lindqvist")`), keys(kb.Enter), until(`!!document.querySelector(".finder-all")`))
	if value := eval[string](t, tab, `document.activeElement.value`); value != `by:"Håkan Lindqvist" ` {
		t.Errorf("the field holds %q", value)
	}
	for _, about := range eval[[]string](t, tab, `[...document.querySelectorAll(".finder-list .about")].filter(a => a.querySelector("time")).map(a => a.textContent)`) {
		if !strings.Contains(about, "Håkan Lindqvist") {
			t.Errorf("among what Håkan deployed is %q", about)
		}
	}
}

func TestNothingFound(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"index.html"), keys("/"), until(dialogOpen), searched("passkeys -accounts -passkeys", "Nothing found for passkeys -accounts -passkeys."))
	if options := eval[[]string](t, tab, optionTexts); strings.Join(options, ", ") != "Search without -accounts, Search without -passkeys" {
		t.Errorf("it offers %q", options)
	}
	tab.do(t, until(`document.querySelector(".finder [role=status]").textContent === "Nothing found"`),
		keys(kb.End), keys(kb.Enter), chromedp.SendKeys(".finder input[role=combobox]", kb.End),
		until(`document.activeElement.value === "passkeys -accounts"`))
}

// TestSearchOfARebuiltSite loses the index after the page was opened.
func TestSearchOfARebuiltSite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(build(t, example).dir)); err != nil {
		t.Fatal(err)
	}
	tab := open(t)
	tab.do(t, chromedp.Navigate("file://"+dir+"/index.html"))
	if err := os.RemoveAll(filepath.Join(dir, "search")); err != nil {
		t.Fatal(err)
	}
	tab.do(t, keys("/"), until(dialogOpen), searched("passkeys", "could not be loaded"),
		until(`document.querySelector(".finder [role=status]").textContent.includes("could not be loaded")`)) // which comes last
	loads := eval[float64](t, tab, `performance.timeOrigin`)
	tab.do(t, chromedp.Click(`//dialog//button[.="Reload the page"]`), until(`performance.timeOrigin !== `+strconv.FormatFloat(loads, 'f', -1, 64)))
}

func TestSearchPage(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			search := base + "search/index.html"
			tab.do(t, chromedp.Navigate(search), chromedp.SendKeys("input[name=q]", "passkeys"), until(`location.search === "?q=passkeys" && `+hitTitles+`.length > 1`))
			all := eval[[]string](t, tab, hitTitles)
			if found := get(t, tab, chromedp.Text("[data-found]")); !strings.HasPrefix(found, strconv.Itoa(len(all))+" result") {
				t.Errorf("%d results stand below %q", len(all), found)
			}

			// A facet says how many it leaves, and its address can be opened again.
			staging := `document.querySelector(".facets input[name=environment][value=staging]")`
			left := eval[string](t, tab, staging+`.closest("label").querySelector(".count").textContent`)
			tab.do(t, chromedp.Click(".facets input[name=environment][value=staging]"), until(hitTitles+`.length === `+left),
				until(`document.activeElement === `+staging), until(`location.search === "?q=passkeys&environment=staging"`))
			if len(all) == eval[int](t, tab, hitTitles+".length") {
				t.Error("the facet leaves everything")
			}
			filtered := eval[[]string](t, tab, hitTitles)
			for _, name := range []string{"env", "environment"} { // by each of its names
				tab.do(t, chromedp.Navigate("about:blank"), chromedp.Navigate(search+"?q=passkeys&"+name+"=staging"), until(hitTitles+`.length === `+left))
				if again := eval[[]string](t, tab, hitTitles); strings.Join(again, "\n") != strings.Join(filtered, "\n") {
					t.Errorf("the address shows %q, the search showed %q", again, filtered)
				}
			}

			// What is typed next is an entry of its own in the history, not one a letter.
			tab.do(t, chromedp.SendKeys("input[name=q]", " accounts"), until(`location.search.startsWith("?q=passkeys+accounts&")`),
				chromedp.Evaluate[chromedp.Void](`history.back()`), until(`document.querySelector("input[name=q]").value === "passkeys" && `+hitTitles+`.length === `+left))

			tab.do(t, chromedp.Click(".chip"), until(`location.search === "?q=passkeys" && `+hitTitles+`.length === `+strconv.Itoa(len(all))))
			for _, e := range tab.takeErrors() {
				t.Error(e)
			}
		})
	}
}

func TestMoreResults(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"search/index.html?status=succeeded"), until(hitTitles+`.length === 20`), chromedp.Click("[data-more]"),
		until(hitTitles+`.length === 40`))
	titles, focus := eval[[]string](t, tab, hitTitles), eval[string](t, tab, `document.activeElement.textContent`)
	if focus != titles[20] {
		t.Errorf("the focus is on %q, the first new result is %q", focus, titles[20])
	}
	links := eval[[]string](t, tab, `[...document.querySelectorAll("[data-hits] h2 a")].map(a => a.href)`)
	seen := map[string]bool{}
	for _, l := range links {
		if seen[l] {
			t.Errorf("%s stands there twice", l)
		}
		seen[l] = true
	}
}

// TestResultsLeadSomewhere opens the file behind every link of some searches.
func TestResultsLeadSomewhere(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	base := b.places()["file"]
	checked := 0
	for _, query := range []string{"passkeys", "backup", "rollback", "accounts", "Ada", "checklist", "docker"} {
		tab.do(t, chromedp.Navigate(base+"search/index.html?q="+query), until(hitTitles+`.length > 0`))
		for _, link := range eval[[]string](t, tab, `[...document.querySelectorAll("[data-hits] a")].map(a => a.href)`) {
			u, err := url.Parse(link)
			if err != nil || !strings.HasPrefix(link, base) {
				t.Errorf("%s: link %q (%v)", query, link, err)
				continue
			}
			html, err := os.ReadFile(u.Path)
			if err != nil || u.Fragment != "" && !strings.Contains(string(html), ` id="`+u.Fragment+`"`) {
				t.Errorf("%s: link %q leads nowhere (%v)", query, link, err)
			}
			checked++
		}
	}
	if checked < 20 {
		t.Errorf("only %d links were checked", checked)
	}
}

// TestSeenBefore pastes an error message with other numbers than on record.
func TestSeenBefore(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			tab.do(t, chromedp.Navigate(base+"search/index.html#error"), chromedp.WaitVisible("#search-error"),
				chromedp.SetValue("#search-error", "2027-01-03 09:14:07 ERROR:  canceling statement due to lock timeout\nat 10.2.3.4:5432"),
				chromedp.Focus("[data-seen] button"), keys(kb.Enter), until(`/ % alike[^]*lock timeout/.test(document.querySelector("[data-seen-results] .hit:first-child")?.textContent)`))
		})
	}
}

// TestSearchWithoutScripts reads the search page where scripts are off.
func TestSearchWithoutScripts(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			if _, err := chromedp.Call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
				t.Fatal(err)
			}
			tab.do(t, chromedp.Navigate(base+"index.html"), chromedp.Click("[data-search]"), chromedp.WaitVisible("noscript p"))
			text := get(t, tab, chromedp.Text("main"))
			if !strings.Contains(text, "needs JavaScript") {
				t.Errorf("the page says %q", text)
			}
			tab.do(t, chromedp.Click(`main a[href="../lessons/index.html"]`), chromedp.WaitVisible(".note"))
		})
	}
}

func TestSearchIsAccessible(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	search := b.url + "search/index.html"
	states := map[string]chromedp.Action[chromedp.Void]{
		"dialog, blank":   chromedp.Steps(chromedp.Navigate(b.url+"index.html"), keys("/"), until(dialogOpen)),
		"dialog, results": chromedp.Steps(chromedp.Navigate(b.url+"index.html"), keys("/"), until(dialogOpen), searched(knownQuery, knownTitle), keys(kb.ArrowDown)),
		"dialog, nothing": chromedp.Steps(chromedp.Navigate(b.url+"index.html"), keys("/"), until(dialogOpen), searched("passkeys -passkeys", "Nothing found")),
		"page, blank":     chromedp.Steps(chromedp.Navigate(search), until(`document.querySelectorAll(".facets input").length > 0`)),
		"page, results":   chromedp.Steps(chromedp.Navigate(search+"?q=backup&environment=production"), until(hitTitles+`.length > 0`)),
		"page, nothing":   chromedp.Steps(chromedp.Navigate(search+"?q=passkeys+-passkeys&status=failed"), until(`document.querySelector("[data-words]").textContent.includes("Nothing found")`)),
		"page, error": chromedp.Steps(chromedp.Navigate("about:blank"), chromedp.Navigate(search+"#error"), chromedp.WaitVisible("#search-error"),
			chromedp.SetValue("#search-error", "lock timeout"), chromedp.Focus("[data-seen] button"), keys(kb.Enter), until(`document.querySelectorAll("[data-seen-results] .hit").length > 0`)),
	}
	seen := newLooks(t)
	for _, width := range []int64{1280, 360} {
		t.Run(strconv.Itoa(int(width)), func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			tab.do(t, chromedp.EmulateViewport(width, 800))
			for name, state := range states {
				t.Run(name, func(t *testing.T) {
					tab.setScheme(t, "light")
					tab.do(t, state)
					checkStructure(t, tab)
					checkColours(t, tab, seen)
					tab.setScheme(t, "dark")
					checkColours(t, tab, seen)
					notTooWide(t, tab, width)
				})
			}
		})
	}
}

// TestSearchIsAnnounced reads what a screen reader is told.
func TestSearchIsAnnounced(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"index.html"), keys("/"), until(dialogOpen), searched("passkeys", "passkeys"),
		until(`/^\d+ results$/.test(document.querySelector(".finder [role=status]").textContent)`))
	said := get(t, tab, chromedp.Text(".finder [role=status]"))
	if all := get(t, tab, chromedp.Text(".finder-all")); !strings.HasPrefix(all, "All "+said) {
		t.Errorf("it is told %q, it shows %q", said, all)
	}
}
