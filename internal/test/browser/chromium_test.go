package browser

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience only ends what hangs. On a busy machine a page takes its time, and no
// test may fail for that.
const patience = 5 * time.Minute

// chromium starts the one browser of all tests, in which each opens its tabs.
var chromium = sync.OnceValues(func() (context.Context, error) {
	path := findBrowser()
	if path == "" {
		return nil, errors.New("Chromium is not installed; run: mise run setup-test")
	}
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(patience),
		// What nobody looks at is not drawn, and no process waits for a page to come:
		// a tenth of the browser's work.
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-software-rasterizer", true),
		chromedp.Flag("disable-features", "Translate,BackForwardCache,SpareRendererForSitePerProcess"))...)
	ctx, cancel := chromedp.NewContext(alloc)
	atEnd(func() { cancel(); cancelAlloc() })
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("chromium does not start: %w", err)
	}
	return ctx, nil
})

func findBrowser() string {
	// The shells without windows do the same for half the work.
	for _, name := range []string{"chromium-headless-shell", "chrome-headless-shell", "headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// A browser is one tab, with what went wrong in it. Nothing of what it keeps,
// such as recent queries, is seen by another.
type browser struct {
	context.Context
	mu       sync.Mutex
	errors   []string // exceptions, and what the policy refused
	requests []string
}

func open(t testing.TB) *browser {
	t.Helper()
	all, err := chromium()
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{}
	ctx, cancel := chromedp.NewContext(all, chromedp.WithNewBrowserContext(), chromedp.WithListener(b.listen))
	t.Cleanup(cancel)
	b.Context = ctx
	if err := chromedp.Do(ctx); err != nil { // without a deadline, which would be that of the tab
		t.Fatalf("chromium opens no tab: %v", err)
	}
	b.do(t, chromedp.EmulateViewport(1280, 900))
	return b
}

func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Text)
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.EntryLevelError {
			b.errors = append(b.errors, e.Entry.Text+" "+e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// do fails the test with the page's own errors beside its own.
func (b *browser) do(t testing.TB, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	get(t, b, chromedp.Steps(actions...))
}

// get is the value of one action.
func get[T any](t testing.TB, b *browser, action chromedp.Action[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.Context, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatalf("%v; the page says %q", err, b.takeErrors())
	}
	return v
}

// eval is the value of a script.
func eval[T any](t testing.TB, b *browser, script string) T {
	t.Helper()
	return get(t, b, chromedp.Evaluate[T](script))
}

func (b *browser) takeErrors() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := b.errors
	b.errors = nil
	return e
}

func (b *browser) takeRequests() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.requests
	b.requests = nil
	return r
}

// setScheme asks pages for their light or dark colours.
func (b *browser) setScheme(t testing.TB, scheme string) {
	t.Helper()
	_, err := chromedp.Call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	if err != nil {
		t.Fatal(err)
	}
}
