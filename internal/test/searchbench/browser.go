package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is a Chromium without a window.
type browser struct {
	context.Context
	stop func()
}

func startBrowser(ctx context.Context) (browser, error) {
	path := findBrowser()
	if path == "" {
		return browser{}, errors.New("there is no Chromium; run: mise run setup-test")
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(time.Minute))...)
	tab, stopTab := chromedp.NewContext(alloc)
	b := browser{tab, func() { stopTab(); stopAlloc() }}
	if _, err := chromedp.Run(tab, chromedp.Navigate("about:blank")); err != nil {
		b.stop()
		return browser{}, fmt.Errorf("chromium does not start: %w", err)
	}
	return b, nil
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
		"chromium-headless-shell", "chrome-headless-shell", "headless-shell",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
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
