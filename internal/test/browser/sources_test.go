package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/deploysite/deploysite/internal/test/generate"
)

// TestFilterBySource opens numbers of a site of two sources: each address shows
// the deployments of one.
func TestFilterBySource(t *testing.T) {
	t.Parallel()
	b := build(t, made(t, "two sources", func(root string) error {
		return generate.Organisation(root, 2, 12, generate.Options{Seed: 7})
	}))
	const shown = `Array.from(document.querySelectorAll("tr[data-source]:not([hidden])"), r => r.dataset.source).join(" ")`
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			tab := open(t)
			tab.do(t, chromedp.Navigate(base+"timeline/index.html?source=checkout-02"))
			all := get(t, tab, chromedp.Evaluate[string](shown))
			if want := strings.TrimSpace(strings.Repeat("checkout-02 ", 12)); all != want {
				t.Errorf("the timeline shows %s", all)
			}
			// The first count of the steps opens the source's page, filtered by a step.
			tab.do(t, chromedp.Navigate(base+"steps/storefront-01/index.html"))
			step := get(t, tab, chromedp.Evaluate[string](`document.querySelector("table a[href*='step=']").href`))
			tab.do(t, chromedp.Navigate(step), chromedp.WaitVisible("[data-result]:not(:empty)"))
			count := get(t, tab, chromedp.Evaluate[int](`document.querySelectorAll("tr[data-source]:not([hidden])").length`))
			if where := get(t, tab, chromedp.Evaluate[string](`location.pathname.replace(/.*\/sources\//, "") + location.search`)); count == 0 || count > 12 || where != "storefront-01/index.html?step=0d" {
				t.Errorf("%s shows %d deployments", where, count)
			}
		})
	}
}
