// Package browser looks at the site in a real browser: what runs there,
// what an accessibility checker says, and whether anything leaves the site.
//
// All tests share one browser, and the sites that they look at. They run side by
// side, each in tabs of its own.
package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAccessibility opens every page type from a server, where nothing may leave
// the site, and shows it to axe, in its light colours and in its dark ones.
func TestAccessibility(t *testing.T) {
	t.Parallel()
	seen := newLooks(t)
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
					checkStructure(t, tab)
					checkColours(t, tab, seen)
					tab.setScheme(t, "dark")
					checkColours(t, tab, seen)
				})
			}
		})
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
