package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/tools/txtar"
)

// arabic are words of a project's own: enough to see a page run from right to
// left. The rest stays English, as in any translation that has just begun.
const arabic = `
[nav]
timeline = "الجدول الزمني"
lessons = "الدروس"
services = "الخدمات"
people = "الأشخاص"
process = "العملية"
checklist = "قائمة التحقق"
onboarding = "البداية"
search = "بحث"
[status]
failed = "فشل"
succeeded = "نجح"
rolled-back = "تراجع"
in-progress = "قيد التنفيذ"
unfinished = "غير مكتمل"
[home]
latest = "الأحدث"
open = "مفتوحة"
year = "السنة الماضية"
tips = "نصائح مفيدة"
[column]
when = "متى"
outcome = "النتيجة"
deployment = "النشر"
service = "الخدمة"
took = "المدة"
[dates]
months = ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]
months-short = ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]
`

// arabicRecord has steps in Arabic, among others code that runs the other way.
const arabicRecord = `---
title: "نشر الخدمة v2 (الإنتاج)"
date: 2026-11-01T10:00:00+03:00
service: الخدمة
deployer: نوا ליבי
status: succeeded
---

## قبل النشر

- [x] **نسخة احتياطية**: ` + "`make backup --all`" + ` <!-- 2026-11-01T10:05:00+03:00 نوا -->
- [-] **إعلان**
`

// languages are projects whose pages speak other languages.
func languages(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"de": madeUp(t, `language = "de"`),
		"ja": madeUp(t, `language = "ja"`),
		"ar": madeUp(t, `language = "ar"`, txtar.File{Name: "themes/default/words/ar.toml", Data: []byte(arabic)},
			txtar.File{Name: "deployments/checklists/2026-11-01-10-00-deployment.md", Data: []byte(arabicRecord)}),
	}
}

// madeUp is a project with the history in words that no language has.
func madeUp(t *testing.T, config string, more ...txtar.File) string {
	t.Helper()
	archive, err := txtar.ParseFile("../../site/testdata/translated.txtar")
	if err != nil {
		t.Fatal(err)
	}
	more = append(more, txtar.File{Name: "deploysite.toml", Data: []byte("documents = \"manual\"\n" + config + "\n")})
	files := append(archive.Files, more...)
	return made(t, fmt.Sprintf("%q", files), func(root string) error { return write(root, files...) })
}

// TestLanguages opens every page type in other languages, wide and narrow: no
// page is wider than its window, in whichever direction it runs, and axe finds
// nothing. Colours are those of the English pages, so one scheme is enough.
func TestLanguages(t *testing.T) {
	t.Parallel()
	seen := newLooks(t)
	for language, root := range languages(t) {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			b, tab := build(t, root), open(t)
			pages := pageTypes(b)
			if language != "ar" { // the same pages as in English, with longer words
				pages = []string{"index.html", "timeline/index.html", "search/index.html", b.site.Entries[2].Page() + "index.html"}
			}
			for _, page := range pages {
				t.Run(page, func(t *testing.T) {
					tab.do(t, chromedp.EmulateViewport(360, 900), chromedp.Navigate(b.url+page), chromedp.WaitReady("main"))
					notTooWide(t, tab, 360)
					tab.do(t, chromedp.EmulateViewport(1280, 900))
					notTooWide(t, tab, 1280)
					checkStructure(t, tab)
					checkColours(t, tab, seen)
					for _, e := range tab.takeErrors() {
						if page != "404.html" {
							t.Error(e)
						}
					}
				})
			}
		})
	}
}

// TestLedger opens every page type in the other built-in theme, whose colours
// and widths are its own.
func TestLedger(t *testing.T) {
	t.Parallel()
	seen := newLooks(t)
	b := build(t, madeUp(t, `theme = "ledger"`))
	for scheme, width := range map[string]int64{"light": 1280, "dark": 360} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			tab.setScheme(t, scheme)
			tab.do(t, chromedp.EmulateViewport(width, 900))
			for _, page := range pageTypes(b) {
				t.Run(page, func(t *testing.T) {
					tab.do(t, chromedp.Navigate(b.url+page), chromedp.WaitReady("main"))
					notTooWide(t, tab, width)
					checkStructure(t, tab)
					checkColours(t, tab, seen)
				})
			}
		})
	}
}

func notTooWide(t *testing.T, tab *browser, width int64) {
	t.Helper()
	if over := eval[int](t, tab, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
		t.Errorf("at %d pixels the page is %d too wide", width, over)
	}
}

// TestRightToLeft looks where things stand when words run from right to left.
func TestRightToLeft(t *testing.T) {
	t.Parallel()
	b := build(t, languages(t)["ar"])
	tab := open(t)
	holds(t, tab, b.url+"records/2026-10-10-10-00/index.html", map[string]string{
		"the page says so":                   `document.documentElement.dir === "rtl" && document.documentElement.lang === "ar"`,
		"the brand stands right of the menu": `document.querySelector(".brand").getBoundingClientRect().left > document.querySelector(".top nav").getBoundingClientRect().left`,
		"code runs from left to right":       `getComputedStyle(document.querySelector("code, pre")).direction === "ltr"`,
		"English in a record stands left":    `(() => { const p = document.querySelector(".prose h2"), r = document.createRange(); r.selectNodeContents(p); return r.getBoundingClientRect().left - p.getBoundingClientRect().left < 2; })()`,
		"what points, turns":                 `getComputedStyle(document.querySelector(".status.rolled-back"), "::before").transform === "matrix(-1, 0, 0, 1, 0, 0)"`,
	})
	holds(t, tab, b.url+"records/2026-11-01-10-00/index.html", map[string]string{
		"a step's box stands at the right": `getComputedStyle(document.querySelector(".step"), "::before").right === "0px"`,
		"Arabic stands right":              `(() => { const p = document.querySelector(".prose h2"), r = document.createRange(); r.selectNodeContents(p); return p.getBoundingClientRect().right - r.getBoundingClientRect().right < 2; })()`,
		"code runs from left to right":     `getComputedStyle(document.querySelector(".step code")).direction === "ltr"`,
	})
	tab.do(t, chromedp.Navigate(b.url+"index.html"))
	first := eval[string](t, tab, `document.querySelector(".calendar g").getAttribute("transform")`)
	if !strings.Contains(first, "676") {
		t.Errorf("the first week of the calendar stands at %s", first)
	}
}

// holds opens a page and asks it scripts that must be true.
func holds(t *testing.T, tab *browser, address string, scripts map[string]string) {
	t.Helper()
	tab.do(t, chromedp.Navigate(address), chromedp.WaitReady("main"))
	for what, script := range scripts {
		if !eval[bool](t, tab, script) {
			t.Errorf("%s: it does not hold that %s", address, what)
		}
	}
}

// TestWordsReachScripts types into the dialog of a German site.
func TestWordsReachScripts(t *testing.T) {
	t.Parallel()
	b := build(t, languages(t)["de"])
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.places()["file"]+"index.html"), chromedp.Click("[data-search]"), chromedp.WaitVisible(".finder input"))
	if got := eval[string](t, tab, `document.querySelector(".finder-head").textContent + "|" + document.querySelector(".finder input").placeholder`); got != "Was sich fragen lässt|Im Verlauf suchen" {
		t.Errorf("the dialog says %q", got)
	}
	for query, want := range map[string]string{
		"wexo status:gibtsnicht": "Kein Deployment hat das Ergebnis „gibtsnicht“.",
		"bla qux":                "10. Okt. 2026",
		"hallo:wexo":             "gesucht wird danach als Text",
	} {
		tab.do(t, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{ const i = document.querySelector(".finder input"); i.value = %q; i.dispatchEvent(new Event("input")); }`, query)),
			chromedp.Poll[chromedp.Void](fmt.Sprintf(`document.querySelector(".finder").textContent.includes(%q)`, want)))
	}
	tab.do(t, chromedp.Navigate(b.url+"timeline/index.html?status=failed+rolled-back"))
	if got := get(t, tab, chromedp.Text("[data-result]")); got != "3 von 8" {
		t.Errorf("the filter says %q", got)
	}
	if got := eval[string](t, tab, `document.querySelector("select[name=status]").selectedOptions[0].text`); got != "Gescheitert oder Zurückgerollt" {
		t.Errorf("two outcomes are called %q", got)
	}
}

// TestHeader looks at the first row of pages at many widths: the search and the
// switch of themes stand together at its end, and the menu is beside the title as
// a whole or in rows of its own.
func TestHeader(t *testing.T) {
	t.Parallel()
	const wrong = `(() => {
		const box = s => document.querySelector(s).getBoundingClientRect();
		const all = box(".top .wrap"), title = box(".brand"), menu = box(".top nav"), find = box(".find"), theme = box(".theme");
		const rows = new Set([...document.querySelectorAll(".top nav li")].map(li => li.offsetTop)).size;
		const below = menu.top >= Math.max(title.bottom, theme.bottom) - 1;
		const rtl = document.dir === "rtl";
		const end = rtl ? theme.left - all.left : all.right - theme.right;
		if (Math.abs(find.top + find.bottom - theme.top - theme.bottom) > 4) return "the search and the switch are not in one row";
		if (find.top > title.bottom) return "the search is not in the title's row";
		if (end > 40) return "the switch is " + end + " pixels from the end";
		if (!below && rows > 1) return "the menu has " + rows + " rows beside the title";
		if (!below && menu.left < title.right && title.left < menu.right) return "the menu covers the title";
		if (!below && menu.left < Math.max(find.right, theme.right) && Math.min(find.left, theme.left) < menu.right) return "the menu covers the search";
		return "";
	})()`
	long := "title = \"Deployments of the platform and of all games\"\n"
	for name, root := range map[string]string{
		"en": madeUp(t, ""), "long": madeUp(t, long), "de": madeUp(t, `language = "de"`), "ja": madeUp(t, `language = "ja"`),
		"ar":     madeUp(t, `language = "ar"`, txtar.File{Name: "themes/default/words/ar.toml", Data: []byte(arabic)}),
		"ledger": madeUp(t, long+"theme = \"ledger\"\nlanguage = \"de\""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, tab := build(t, root), open(t)
			tab.do(t, chromedp.Navigate(b.url+"index.html"), chromedp.WaitReady("main"))
			for _, width := range []int64{320, 360, 620, 660, 800, 1000, 1150, 1200, 1280, 1366, 1920} {
				tab.do(t, chromedp.EmulateViewport(width, 900))
				if why := eval[string](t, tab, wrong); why != "" {
					t.Errorf("at %d pixels: %s", width, why)
				}
			}
		})
	}
}
