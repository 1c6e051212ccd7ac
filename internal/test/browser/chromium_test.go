package browser

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/deploysite/deploysite/internal/test/chromium"
)

// patience only ends what hangs. On a busy machine a page takes its time, and no
// test may fail for that.
const patience = 5 * time.Minute

// startBrowser starts the one browser of all tests, in which each opens its tabs.
var startBrowser = sync.OnceValues(func() (context.Context, error) {
	ctx, stop, err := chromium.Start(context.Background())
	if err == nil {
		atEnd(stop)
	}
	return ctx, err
})

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
	all, err := startBrowser()
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
