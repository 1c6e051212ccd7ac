package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestAnyDay asks what ran on a day, from the disk as well as over HTTP, and comes back
// to today.
func TestAnyDay(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	const production = `document.querySelector(".board tbody tr:nth-child(2) td").innerText`
	const said = `document.querySelector("[data-said]").textContent`
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
			tab := open(t)
			tab.do(t, chromedp.Navigate(base+"environments/index.html"), chromedp.WaitVisible("[data-day]"))
			now := eval[string](t, tab, production)
			if !strings.HasPrefix(now, "v1.16.0") && !strings.Contains(now, " v1.16.0 ") || !strings.Contains(now, "ago") {
				t.Errorf("now jump-man in production is %q", now)
			}
			tab.do(t, chromedp.Navigate(base+"environments/index.html?day=2025-04-20"), chromedp.Poll[chromedp.Void](said+` !== ""`))
			then := eval[string](t, tab, production)
			if !strings.Contains(then, "v1.7.0") || !strings.Contains(then, "5 days ago") {
				t.Errorf("on that day it is %q", then)
			}
			if day := eval[string](t, tab, said); !strings.Contains(day, "20 Apr 2025") {
				t.Errorf("it says %q", day)
			}
			tab.do(t, chromedp.Click("[data-day] button[type=reset]"), chromedp.Poll[chromedp.Void](said+` === "" && location.search === ""`))
			if again := eval[string](t, tab, production); again != now {
				t.Errorf("today again it is %q, before %q", again, now)
			}
			tab.do(t, chromedp.Navigate(base+"environments/index.html?day=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E"), chromedp.WaitVisible("[data-day]"))
			if still := eval[string](t, tab, production); still != now {
				t.Errorf("with a day that is none it is %q", still)
			}
		})
	}
}
