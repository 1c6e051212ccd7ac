// Package chromium starts the browser that tests, benchmarks and pictures use.
package chromium

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"github.com/chromedp/chromedp"
)

// patience only ends what hangs: on a busy machine a browser takes its time.
const patience = 5 * time.Minute

// Start starts a Chromium without a window. The context is that of its first tab;
// stop ends the browser.
func Start(ctx context.Context) (tab context.Context, stop func(), err error) {
	path := find()
	if path == "" {
		return nil, nil, errors.New("there is no Chromium; run: mise run setup-test")
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(patience),
		// What nobody looks at is not drawn, and no process waits for a page to come:
		// a tenth of the browser's work.
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-software-rasterizer", true),
		chromedp.Flag("disable-features", "Translate,BackForwardCache,SpareRendererForSitePerProcess"))...)
	tab, stopTab := chromedp.NewContext(alloc)
	stop = func() { stopTab(); stopAlloc() }
	if err := chromedp.Do(tab); err != nil {
		stop()
		return nil, nil, fmt.Errorf("the browser does not start: %w", err)
	}
	return tab, stop, nil
}

func find() string {
	// The shells without windows do the same for half the work.
	for _, name := range []string{"chromium-headless-shell", "chrome-headless-shell", "headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}
