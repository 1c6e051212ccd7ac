// Package browser looks at the site in a real browser: what runs there,
// what an accessibility checker says, and whether anything leaves the site.
package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/serve"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// today is fixed, so that "unfinished" and "this quarter" do not move.
var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// A built is a project's site, on disk and behind a server.
type built struct {
	site   *site.Site
	output site.Output
	dir    string
	url    string
}

func build(t *testing.T, root string) built {
	t.Helper()
	return buildFor(t, root, "")
}

// buildFor builds a site that knows its full address.
func buildFor(t *testing.T, root, baseURL string) built {
	t.Helper()
	p, problems, err := project.Open(root)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	s, err := site.Load(t.Context(), p, site.Options{Now: today, Version: "test", BaseURL: baseURL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	out, err := s.Output()
	if err != nil {
		t.Fatal(err)
	}
	b := built{site: s, output: out, dir: filepath.Join(t.TempDir(), "public")}
	if _, err := publish.Publish(t.Context(), b.dir, out.Files, publish.Options{}); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(serve.Handler(out))
	t.Cleanup(server.Close)
	b.url = server.URL + "/"
	return b
}

// places are the two ways in which a reader opens the site.
func (b built) places() map[string]string {
	return map[string]string{"http": b.url, "file": "file://" + b.dir + "/"}
}

// A browser is one tab, with what went wrong in it.
type browser struct {
	context.Context
	mu       sync.Mutex
	errors   []string // exceptions, and what the policy refused
	requests []string
}

func open(t *testing.T) *browser {
	t.Helper()
	path := findBrowser()
	if path == "" {
		t.Fatal("Chromium is not installed; run: mise run setup-test")
	}
	alloc, cancelAlloc := chromedp.NewExecAllocator(t.Context(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.WSURLReadTimeout(time.Minute))...)
	t.Cleanup(cancelAlloc)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	b := &browser{Context: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	b.do(t, chromedp.EmulateViewport(1280, 900))
	return b
}

func findBrowser() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
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
func (b *browser) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	get(t, b, chromedp.Steps(actions...))
}

// get is the value of one action.
func get[T any](t *testing.T, b *browser, action chromedp.Action[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.Context, time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatalf("%v; the page says %q", err, b.takeErrors())
	}
	return v
}

// eval is the value of a script.
func eval[T any](t *testing.T, b *browser, script string) T {
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

// pageTypes are one page of every type of the site.
func pageTypes(b built) []string {
	pages := []string{"", "timeline/", "lessons/", "onboarding/", "process/", "checklist/", "search/", "problems/", "404.html"}
	if sources := b.site.Terms[facet.Source]; len(sources) > 0 {
		name := strings.TrimPrefix(sources[0].Page(), "sources/")
		pages = append(pages, "sources/", sources[0].Page(), "checklist/"+name, "process/"+name)
	}
	for _, f := range facet.Lists {
		if f == facet.Source {
			continue
		}
		pages = append(pages, f.Folder+"/")
		if terms := b.site.Terms[f]; len(terms) > 0 {
			pages = append(pages, terms[0].Page())
		}
	}
	for d := b.site.Docs; d != nil; { // a folder, a page in it, and so on
		pages = append(pages, d.Page())
		if len(d.Children) == 0 {
			break
		}
		d = d.Children[len(d.Children)-1]
	}
	if n := len(b.site.Entries); n > 0 {
		pages = append(pages, b.site.Entries[0].Page(), b.site.Entries[n-1].Page(),
			fmt.Sprintf("timeline/%d/", b.site.Entries[0].Started.Time.Year()),
			fmt.Sprintf("lessons/%d/", b.site.Entries[n-1].Started.Time.Year()))
		for _, e := range b.site.Entries { // one with everything in it
			if e.Status == "failed" && len(e.Notes) > 5 {
				pages = append(pages, e.Page())
				break
			}
		}
	}
	for i, p := range pages {
		if !strings.HasSuffix(p, ".html") {
			pages[i] = p + "index.html"
		}
	}
	return pages
}

// inputs are the projects whose pages are looked at.
func inputs(t *testing.T) map[string]string {
	empty := t.TempDir()
	sources := filepath.Join(t.TempDir(), "organisation")
	if err := generate.Organisation(sources, 3, 12, generate.Options{Seed: 3}); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"example": "../../../examples/jump-man",
		"legacy":  "../../site/testdata/legacy",
		"own":     "../../..",
		"empty":   empty,
		"sources": sources,
	}
}

func TestAccessibility(t *testing.T) {
	axe := readAxe(t)
	tab := open(t)
	for name, root := range inputs(t) {
		b := build(t, root)
		for _, scheme := range []string{"light", "dark"} {
			for _, page := range pageTypes(b) {
				t.Run(name+"/"+scheme+"/"+page, func(t *testing.T) {
					_, err := chromedp.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
						Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
					if err != nil {
						t.Fatal(err)
					}
					tab.do(t, chromedp.Navigate(b.url+page))
					violations(t, tab, axe)
				})
			}
		}
	}
}

func readAxe(t *testing.T) []byte {
	t.Helper()
	axe, err := os.ReadFile("npm/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is not installed: %v; run: mise run setup-test", err)
	}
	return axe
}

// violations fails the test with what axe finds on the page.
func violations(t *testing.T, tab *browser, axe []byte) {
	t.Helper()
	tab.do(t, chromedp.Evaluate[chromedp.Void](string(axe)))
	found := get(t, tab, chromedp.Evaluate[string](`axe.run(document).then(r => JSON.stringify({
		violations: r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html + " " + (n.any[0] ? n.any[0].message : ""))})),
		passes: r.passes.length}))`, chromedp.EvalAwaitPromise))
	var result struct {
		Violations []struct {
			ID, Help string
			Nodes    []string
		}
		Passes int
	}
	if err := json.Unmarshal([]byte(found), &result); err != nil {
		t.Fatal(err)
	}
	if result.Passes == 0 {
		t.Error("axe checked nothing")
	}
	for _, v := range result.Violations {
		t.Errorf("%s: %s\n\t%s", v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}

// TestNothingLeavesTheSite opens every page type from a server and from the
// disk: no error, nothing refused by the policy, no request to anywhere else.
func TestNothingLeavesTheSite(t *testing.T) {
	b := build(t, "../../../examples/jump-man")
	tab := open(t)
	for place, base := range b.places() {
		for _, page := range pageTypes(b) {
			tab.mu.Lock()
			tab.requests = nil
			tab.mu.Unlock()
			tab.do(t, chromedp.Navigate(base+page), chromedp.WaitReady("main"))
			for _, e := range tab.takeErrors() {
				t.Errorf("%s %s: %s", place, page, e)
			}
			tab.mu.Lock()
			if len(tab.requests) < 3 { // the page, its style and its script at least
				t.Errorf("%s %s: only %d requests were seen", place, page, len(tab.requests))
			}
			for _, r := range tab.requests {
				if !strings.HasPrefix(r, base) && !strings.HasPrefix(r, "data:") {
					t.Errorf("%s %s asks %s", place, page, r)
				}
			}
			tab.mu.Unlock()
		}
	}
}

func TestThemeIsKept(t *testing.T) {
	b := build(t, "../../../examples/jump-man")
	for place, base := range b.places() {
		t.Run(place, func(t *testing.T) {
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
	b := build(t, "../../../examples/jump-man")
	tab := open(t)
	tab.do(t, chromedp.Navigate(b.url+"onboarding/index.html"), chromedp.Click(".reading li:nth-child(2) input"), chromedp.Reload())
	progress := get(t, tab, chromedp.Text("[data-progress]"))
	if !strings.HasPrefix(progress, "1 of ") {
		t.Errorf("progress is %q", progress)
	}
}
