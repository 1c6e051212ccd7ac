package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/deploysite/deploysite/internal/test/chromium"
)

// browser is a Chromium without a window.
type browser struct {
	context.Context
	stop func()
}

func startBrowser(ctx context.Context) (browser, error) {
	tab, stop, err := chromium.Start(ctx)
	return browser{tab, stop}, err
}

// session is a page in a profile of its own, with nothing in its cache.
type session struct {
	context.Context
	close func()
}

// longest is how long one call may take; MiniSearch reads an index of many
// megabytes in it.
const longest = 3 * time.Minute

func (b browser) open(url string) (session, error) {
	tab, closeTab := chromedp.NewContext(b.Context, chromedp.WithNewBrowserContext())
	s := session{tab, closeTab}
	// A tab lives as long as the context of the first Run, which must not be one
	// with a deadline.
	if _, err := chromedp.Run(tab, chromedp.Navigate(url)); err != nil {
		s.close()
		return s, fmt.Errorf("%s: %w", url, err)
	}
	return s, nil
}

// answer is what a search says, and how long it took, as bench.js measures it.
type answer struct {
	IDs []string `json:"ids"`
	Ms  float64  `json:"ms"`
}

// first loads the search and asks it for the first time.
func (s session) first(query string) (answer, error) { return call[answer](s, "first", query) }

// ask asks one query after the other.
func (s session) ask(queries []string) ([]answer, error) { return call[[]answer](s, "ask", queries) }

// call calls a function of bench.js, which promises a T.
func call[T any](s session, function string, argument any) (result T, err error) {
	encoded, err := json.Marshal(argument)
	if err != nil {
		return result, err
	}
	ctx, cancel := context.WithTimeout(s.Context, longest)
	defer cancel()
	script := fmt.Sprintf("%s(%s).then(r => JSON.stringify(r))", function, encoded)
	reply, err := chromedp.Run(ctx, chromedp.Evaluate[string](script, chromedp.EvalAwaitPromise))
	if err != nil {
		return result, err
	}
	return result, json.Unmarshal([]byte(reply), &result)
}
