package browser

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/site"
)

const visibleRows = `document.querySelectorAll("main tbody tr[data-status]:not([hidden])").length`

// count counts the entries that a filter should leave.
func count(s *site.Site, fits func(*site.Entry) bool) int {
	n := 0
	for _, e := range s.Entries {
		if fits(e) {
			n++
		}
	}
	return n
}

func TestTimelineFilter(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	service := b.site.Terms[facet.Service][0]
	person := b.site.Terms[facet.Deployer][0]
	has := func(terms []*site.Term, want *site.Term) bool {
		for _, t := range terms {
			if t == want {
				return true
			}
		}
		return false
	}
	bad := func(e *site.Entry) bool { return e.Status == "failed" || e.Status == "rolled-back" }
	cases := map[string]struct {
		query string
		want  int
	}{
		"all":      {"", len(b.site.Entries)},
		"service":  {"service=" + service.Slug, count(b.site, func(e *site.Entry) bool { return has(e.Terms(facet.Service), service) })},
		"deployer": {"deployer=" + person.Slug, count(b.site, func(e *site.Entry) bool { return has(e.Terms(facet.Deployer), person) })},
		"either":   {"status=failed+rolled-back", count(b.site, bad)},
		"two at once": {"service=" + service.Slug + "&status=failed+rolled-back",
			count(b.site, func(e *site.Entry) bool { return bad(e) && has(e.Terms(facet.Service), service) })},
		"year": {"from=2025-01-01&to=2025-12-31", count(b.site, func(e *site.Entry) bool { return e.Started.Time.Year() == 2025 })},
		"none": {"q=no+such+words+anywhere", 0},
	}
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			for name, c := range cases {
				t.Run(name, func(t *testing.T) {
					tab.do(t, chromedp.Navigate(base+"timeline/index.html?"+c.query), chromedp.WaitVisible("[data-filter]"))
					if got := eval[int](t, tab, visibleRows); got != c.want {
						t.Errorf("?%s shows %d rows, want %d", c.query, got, c.want)
					}
				})
			}
		})
	}
}

// TestFilterIsInTheAddress types a filter and opens the address that results.
func TestFilterIsInTheAddress(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	want := 0 // what the first of both places shows, so they wait for each other
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			tab := open(t)
			tab.do(t, chromedp.Navigate(base+"timeline/index.html"), chromedp.SendKeys("input[name=q]", "hakan"), // finds Håkan
				chromedp.Poll[chromedp.Void](`new URLSearchParams(location.search).get("q") === "hakan"`))
			address, typed := get(t, tab, chromedp.Location()), eval[int](t, tab, visibleRows)
			u, err := url.Parse(address)
			if err != nil || u.Query().Get("q") != "hakan" {
				t.Fatalf("the address is %q (%v)", address, err)
			}
			tab.do(t, chromedp.Navigate("about:blank"), chromedp.Navigate(address), chromedp.WaitVisible("[data-filter]"))
			opened := eval[int](t, tab, visibleRows)
			if typed == 0 || typed == len(b.site.Entries) || typed != opened {
				t.Errorf("typed: %d rows; opened again: %d", typed, opened)
			}
			if want != 0 && typed != want {
				t.Errorf("%d rows here, %d elsewhere", typed, want)
			}
			want = typed
			tab.do(t, chromedp.Click("[data-filter] button[type=reset]"), chromedp.Poll[chromedp.Void](`location.search === ""`))
			cleared := eval[int](t, tab, visibleRows)
			if cleared != len(b.site.Entries) {
				t.Errorf("cleared: %d rows of %d", cleared, len(b.site.Entries))
			}
		})
	}
}

// TestCountsOpenWhatTheyCounted follows each number of the start page and of
// the checklist's history: as many rows must stand behind it as it says.
func TestCountsOpenWhatTheyCounted(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	for _, page := range []string{"index.html", "checklist/index.html", b.site.Terms[facet.Service][0].Page() + "index.html"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			tab.do(t, chromedp.Navigate(b.url+page))
			links := eval[[]struct {
				Href string `json:"href"`
				N    int    `json:"n"`
			}](t, tab, `[...document.querySelectorAll("main a[href*='timeline/index.html?']")].filter(a => /^\d+$/.test(a.textContent)).map(a => ({href: a.href, n: +a.textContent}))`)
			if len(links) < 2 {
				t.Errorf("there are only %d numbers with links", len(links))
			}
			timeline := b.url + "timeline/index.html"
			tab.do(t, chromedp.Navigate(timeline), chromedp.WaitVisible("[data-filter]"))
			for _, l := range links[:min(len(links), 40)] {
				query, ok := strings.CutPrefix(l.Href, timeline)
				if !ok {
					t.Errorf("a number leads to %s", l.Href)
				}
				// The way back and forth reads the address as the page does when it opens.
				got := eval[int](t, tab, `history.replaceState(null, "", `+quoted(query)+`), dispatchEvent(new PopStateEvent("popstate")), `+visibleRows)
				if got != l.N {
					t.Errorf("it says %d and opens %d rows: %s", l.N, got, l.Href)
				}
			}
		})
	}
}

// TestHostileAddress puts markup into the address: it stays text.
func TestHostileAddress(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	hostile := url.Values{"q": {`"><img src=x onerror=alert(1)>`}, "service": {`"><script>alert(1)</script>`}, "step": {`<svg onload=alert(1)>`}}
	tab.do(t, chromedp.Navigate(b.url+"timeline/index.html?"+hostile.Encode()), chromedp.WaitVisible("[data-filter]"))
	images := eval[int](t, tab, `document.querySelectorAll("main img, main svg").length`)
	scripts := eval[int](t, tab, `document.querySelectorAll("main script").length`)
	if images+scripts != 0 {
		t.Errorf("%d images and %d scripts came from the address", images, scripts)
	}
}

func TestKeyboard(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"index.html"), chromedp.KeyEvent(kb.Tab))
	first := eval[string](t, tab, `document.activeElement.textContent`)
	tab.do(t, chromedp.KeyEvent(kb.Enter))
	where := eval[string](t, tab, `location.hash`)
	if first != "Skip to the content" || where != "#main" {
		t.Errorf("the first Tab stands on %q, Enter goes to %q", first, where)
	}
}

// TestNamesOfObjects has services that are called like what every object of JavaScript
// has: they are counted like others.
func TestNamesOfObjects(t *testing.T) {
	t.Parallel()
	b := build(t, made(t, "names of objects", func(root string) error {
		for i, name := range []string{"constructor", "__proto__", "toString"} {
			text := "---\nservice: " + name + "\nstatus: failed\n---\n\n## Lessons Learned\n\n- zebra\n"
			if err := write(root, txtar.File{Name: fmt.Sprintf("deployments/checklists/2026-11-0%d-10-00-deployment.md", i+1), Data: []byte(text)}); err != nil {
				return err
			}
		}
		return nil
	}))
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"lessons/index.html"), chromedp.WaitVisible("[data-filter]"))
	counts := eval[[]string](t, tab, `Array.from(document.querySelectorAll("input[name=service]"), b => b.closest("label").querySelector("[data-count]").textContent)`)
	if len(counts) != 3 || slices.ContainsFunc(counts, func(count string) bool { return count != "1" }) {
		t.Errorf("services have %q lessons, want one each", counts)
	}
}

// TestLongAddresses opens addresses that somebody made to hold the page up.
func TestLongAddresses(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"timeline/index.html?step=zzz&status="+strings.Repeat("x+", 20_000)), chromedp.WaitVisible("[data-filter]"))
	if text := eval[string](t, tab, `document.querySelector("main").innerText`); strings.Contains(text, "NaN") || len(text) > 200_000 {
		t.Errorf("the timeline has %d bytes of text", len(text))
	}
	if n := eval[int](t, tab, `document.querySelector("select[name=status]").value.length`); n > 2000 {
		t.Errorf("a filter of %d characters is kept", n)
	}
	tab.do(t, chromedp.Navigate(b.url+"search/index.html?q=a"+strings.Repeat("&service=x&service=y", 2000)+manyServices(5000)), until(`document.querySelectorAll("[data-words] .chip").length > 0`))
	if n := eval[int](t, tab, `document.querySelectorAll("[data-words] .chip").length`); n > 50 {
		t.Errorf("the search page has %d chips", n)
	}
	for _, unit := range []string{"a", "-a ", `"`} { // each took half a minute and more
		tab.do(t, chromedp.Navigate(b.url+"index.html"), keys("/"), until(dialogOpen),
			chromedp.Evaluate[chromedp.Void](`document.activeElement.value = `+quoted(strings.Repeat(unit, 100_000/len(unit)))+`; document.activeElement.dispatchEvent(new Event("input"))`),
			until(`document.querySelector(".finder-words").children.length > 0`))
		if n := eval[int](t, tab, `document.querySelectorAll(".finder-list [role=option]").length`); n > 20 {
			t.Errorf("%q: %d options", unit, n)
		}
	}
	if errors := tab.takeErrors(); len(errors) > 0 {
		t.Errorf("the pages say %q", errors)
	}
}

func manyServices(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "&service=s%d", i)
	}
	return b.String()
}

// TestDamagedStorage has in the browser's storage what another site of the same host may
// have put there.
func TestDamagedStorage(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	for _, damaged := range []string{`5`, `"x"`, `[]`, `true`, `null`, `{`, `{"__proto__":{"x":1}}`, `{"length":1e9}`, `[` + strings.Repeat(`"xxxxxxxx",`, 20_000) + `"y"]`} {
		tab.do(t, chromedp.Navigate(b.url+"onboarding/index.html"), chromedp.Evaluate[chromedp.Void](`localStorage.clear(); ["deploysite-theme", "deploysite-slash", "deploysite-read /onboarding/index.html", "deploysite-searches /"]
			.forEach(key => localStorage.setItem(key, `+quoted(damaged)+`))`),
			chromedp.Reload(), chromedp.Click(".reading li:nth-child(2) input"), chromedp.Reload(), chromedp.WaitVisible("[data-progress]"))
		if progress := get(t, tab, chromedp.Text("[data-progress]")); !strings.HasPrefix(progress, "1 of ") {
			t.Errorf("%.20s: progress is %q", damaged, progress)
		}
		tab.do(t, keys("/"), until(dialogOpen))
		if n := eval[int](t, tab, `document.querySelectorAll(".finder-recent").length`); n > 6 {
			t.Errorf("%.20s: %d recent searches", damaged, n)
		}
		if errors := tab.takeErrors(); len(errors) > 0 {
			t.Errorf("%.20s: the page says %q", damaged, errors)
		}
	}
}
