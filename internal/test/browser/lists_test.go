package browser

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestTableSorts clicks a heading of the timeline: its rows stand in one list by that
// column, then the other way round, then by month as before.
func TestTableSorts(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	const took = `[...document.querySelectorAll("main tbody tr[data-status] td.took")].filter(td => td.getClientRects().length).map(td => +(td.dataset.n || -1))`
	const months = `[...document.querySelectorAll("main .month")].filter(tr => tr.getClientRects().length).length`
	tab.do(t, chromedp.Navigate(b.url+"timeline/index.html"), chromedp.WaitVisible("[data-filter]"))
	before, grouped := eval[[]int](t, tab, took), eval[int](t, tab, months)
	click := chromedp.Click("main thead th:last-child button")
	tab.do(t, click)
	up := slices.DeleteFunc(eval[[]int](t, tab, took), func(n int) bool { return n < 0 })
	if !slices.IsSorted(up) || len(up) < 60 || eval[int](t, tab, months) != 0 {
		t.Errorf("sorted by duration it is %v, with %d months", up, eval[int](t, tab, months))
	}
	if said := eval[string](t, tab, `document.querySelector("main thead th:last-child").getAttribute("aria-sort")`); said != "ascending" {
		t.Errorf("the heading says %q", said)
	}
	tab.do(t, click)
	if down := eval[[]int](t, tab, took); down[0] != slices.Max(down) {
		t.Errorf("the other way round it is %v", down)
	}
	tab.do(t, click)
	if after := eval[[]int](t, tab, took); !slices.Equal(after, before) || eval[int](t, tab, months) != grouped {
		t.Error("a third click does not bring back what was there")
	}
}

// TestPhoneSorts does so where rows are cards: the headings stay as a row of buttons.
func TestPhoneSorts(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.EmulateViewport(390, 900), chromedp.Navigate(b.url+"timeline/index.html"), chromedp.WaitVisible("main thead button"))
	tab.do(t, chromedp.Click("main thead th:nth-child(2) button"))
	if first := eval[string](t, tab, `document.querySelector("main table.sorted tbody:not([data-group]) tr").dataset.status`); first != "cancelled" {
		t.Errorf("by outcome, a card with the outcome %q comes first", first)
	}
	if top := eval[float64](t, tab, `document.querySelector("main tr[data-status]").getBoundingClientRect().top`); top > 400 {
		t.Errorf("the first card begins %.0f pixels down", top)
	}
}

// TestChips takes one part of a filter back.
func TestChips(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"lessons/index.html?kind=tip&service=accounts"), chromedp.WaitVisible("[data-chips] button"))
	chips := eval[string](t, tab, `[...document.querySelectorAll("[data-chips] button")].map(b => b.innerText).join("|")`)
	if !strings.Contains(chips, "Kind: Tip") || !strings.Contains(chips, "Service: accounts") {
		t.Errorf("the chips are %q", chips)
	}
	const wrong = `[...document.querySelectorAll("li[data-kind]:not([hidden])")].some(li => li.dataset.kind !== "tip") || [...document.querySelectorAll("[data-group]:not([hidden])")].some(g => !g.querySelector("li:not([hidden])"))`
	if eval[bool](t, tab, wrong) {
		t.Error("a note that does not fit, or a record without one, is shown")
	}
	// What became of the notes is a choice as well, and says how many there are.
	tab.do(t, chromedp.Navigate(b.url+"lessons/index.html?fate=accepted"), chromedp.WaitVisible("[data-chips] button"))
	const fates = `[...document.querySelectorAll("li[data-fate]:not([hidden])")].map(li => li.dataset.fate)`
	if got := eval[[]string](t, tab, fates); len(got) == 0 || slices.ContainsFunc(got, func(fate string) bool { return fate != "accepted" }) {
		t.Errorf("of the accepted ones %q are shown", got)
	} else if count := eval[string](t, tab, `document.querySelector("input[name=fate][value=accepted]").closest("label").querySelector("[data-count]").textContent`); count != strconv.Itoa(len(got)) {
		t.Errorf("it says %s of %d", count, len(got))
	}
	tab.do(t, chromedp.Navigate(b.url+"lessons/index.html?kind=tip&service=accounts"), chromedp.WaitVisible("[data-chips] button"))
	tab.do(t, chromedp.Click("[data-chips] button:first-child"))
	if left := eval[string](t, tab, `location.search`); left != "?service=accounts" {
		t.Errorf("without the first chip the address has %q", left)
	}
}

// TestKeys goes through the site by its keys, and types them into a field.
func TestKeys(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := open(t)
	at := func(page string) chromedp.Action[chromedp.Void] {
		return until(`document.readyState === "complete" && location.pathname.endsWith(` + quoted(page) + `)`)
	}
	tab.do(t, chromedp.Navigate(b.url+"index.html"), chromedp.KeyEvent("?"), chromedp.WaitVisible("dialog.keys"), chromedp.KeyEvent(kb.Escape),
		chromedp.KeyEvent("g"), chromedp.KeyEvent("t"), at("/timeline/index.html"),
		chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("k"), chromedp.KeyEvent("j"))
	second := eval[string](t, tab, `document.activeElement === document.querySelectorAll("tr[data-status] th a")[1] ? document.activeElement.pathname : ""`)
	if second == "" {
		t.Fatal("j, j, k, j does not stand on the second row")
	}
	tab.do(t, chromedp.KeyEvent(kb.Enter), at(second))
	previous := eval[string](t, tab, `document.querySelector("[data-prev] a").pathname`)
	tab.do(t, chromedp.KeyEvent("["), at(previous), chromedp.KeyEvent("]"), at(second),
		chromedp.Navigate(b.url+"timeline/index.html"), chromedp.SendKeys("input[name=q]", "gt?j"))
	if typed := eval[string](t, tab, `document.querySelector("input[name=q]").value + document.querySelectorAll("dialog[open]").length`); typed != "gt?j0" {
		t.Errorf("typed into the field: %q", typed)
	}
}
