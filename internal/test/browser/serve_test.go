package browser

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/serve"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/test/generate"
	"github.com/deploysite/deploysite/internal/watch"
)

// A living is a project that is served while it is edited.
type living struct {
	testing.TB
	root string
	url  string
	live *serve.Live
	site *site.Site

	server *httptest.Server
}

func live(t testing.TB, root string) *living {
	t.Helper()
	l := &living{TB: t, root: root, live: serve.NewLive("")}
	server := httptest.NewUnstartedServer(nil)
	server.Config = serve.Server(l.live)
	server.Start()
	l.server = server
	t.Cleanup(server.Close)
	t.Cleanup(l.live.Close)
	l.url = server.URL + "/"
	l.build(t.Context())
	return l
}

// build builds the site again, as deploysite serve does after each change.
func (l *living) build(ctx context.Context) {
	p, problems, err := project.Open(l.root)
	if err != nil || len(problems) > 0 {
		l.Error(err, problems)
		return
	}
	s, err := site.Load(ctx, p, site.Options{Now: today, Version: "test", Live: true, Former: l.site})
	if err != nil {
		l.Error(err)
		return
	}
	out, err := s.Output()
	if err != nil {
		l.Error(err)
		return
	}
	if err := l.live.Show(serve.Build{Output: out, Problems: s.Problems, Theme: s.ThemeSum(), Close: func() { s.Close() }}); err != nil {
		l.Error(err)
		return
	}
	l.site = s
}

func (l *living) save(name, text string) {
	l.Helper()
	file := filepath.Join(l.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		l.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		l.Fatal(err)
	}
}

const livingRecord = "deployments/checklists/2026-10-01-10-00-deployment.md"

// long is a record that takes many screens; before stands on top.
func long(before, middle string) string {
	var b strings.Builder
	b.WriteString("---\ntitle: A long one\nservice: accounts\nstatus: succeeded\n---\n\n" + before + "\n\n")
	for i := range 60 {
		fmt.Fprintf(&b, "## Part %d\n\nSome words about this part.\n\n", i)
		if i == 30 {
			b.WriteString(middle + "\n\n<details><summary>The log</summary>\n\nlines\n\n</details>\n\n")
		}
	}
	return b.String()
}

// The panel and its parts are in a shadow tree.
const (
	inPanel  = `Array.from(document.body.children).filter(e => e.shadowRoot && e.shadowRoot.querySelector(".panel")).map(e => e.shadowRoot)[0]`
	panel    = inPanel + `.querySelector(".panel")`
	badge    = inPanel + `.querySelector(".badge")`
	panelOut = `(!(` + inPanel + `) || ` + panel + `.hidden)`
)

func TestReloadKeepsThePlace(t *testing.T) {
	t.Parallel()
	l := live(t, t.TempDir())
	l.save(livingRecord, long("", "as it was"))
	l.build(t.Context())
	tab := open(t)
	tab.do(t, chromedp.Navigate(l.url+"records/2026-10-01-10-00/index.html"), chromedp.WaitReady("main"))
	tab.do(t, chromedp.Evaluate[chromedp.Void](`Array.from(document.querySelectorAll("main details")).forEach(d => { d.open = true; });
		document.getElementById("s-part-30").scrollIntoView({behavior: "instant"}); document.querySelector("main a[href*=problems], main a[href]").focus({preventScroll: true}); window.before = true`))
	top := `Math.round(document.getElementById("s-part-30").getBoundingClientRect().top)`
	was := eval[int](t, tab, top)
	focus := eval[string](t, tab, `document.activeElement.href`)
	l.save(livingRecord, long("Some lines that were added on top.\n\n- one\n- two\n- three", "as it is **now**"))
	l.build(t.Context())
	tab.do(t, until(`!window.before && document.body.innerText.includes("as it is now")`), until(`scrollY >= 500`)) // the place comes after the text
	if now := eval[int](t, tab, top); now < was-2 || now > was+2 {
		t.Errorf("what is read moved from %d to %d", was, now)
	}
	if y := eval[int](t, tab, `scrollY`); y < 500 {
		t.Errorf("the page is at %d", y)
	}
	if n := eval[int](t, tab, `document.querySelectorAll("main details:not([open])").length`); n != 0 {
		t.Errorf("%d details were closed", n)
	}
	if now := eval[string](t, tab, `document.activeElement.href`); now != focus {
		t.Errorf("the focus went from %s to %s", focus, now)
	}
	if errors := tab.takeErrors(); len(errors) > 0 {
		t.Errorf("the page says %q", errors)
	}
}

// A filter is in the address, and what is being typed into the search stays.
func TestReloadKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	l := live(t, t.TempDir())
	l.save(livingRecord, long("", "passkeys"))
	l.build(t.Context())
	tab := open(t)
	tab.do(t, chromedp.Navigate(l.url+"timeline/index.html?service=accounts"), chromedp.WaitReady("main"), chromedp.KeyEvent("/"),
		until(`!!document.querySelector("dialog[open]")`), chromedp.SendKeys("dialog[open] input", "passk"),
		until(`document.querySelectorAll("dialog[open] .finder-title").length === 1`), // an answer that is loading may belong to files that are gone
		chromedp.Evaluate[chromedp.Void](`window.before = true`))
	l.save("deployments/checklists/2026-10-02-10-00-deployment.md", "---\ntitle: Another\nservice: accounts\n---\n\nAlso passkeys.\n")
	l.build(t.Context())
	tab.do(t, until(`!window.before && !!document.querySelector("dialog[open] input")`),
		until(`document.querySelector("dialog[open] input").value === "passk" && document.querySelectorAll("dialog[open] .finder-title").length === 2`))
	if address := eval[string](t, tab, `location.search`); address != "?service=accounts" {
		t.Errorf("the filter is %q", address)
	}
	if errors := tab.takeErrors(); len(errors) > 0 {
		t.Errorf("the page says %q", errors)
	}
}

// nasty is what a record writer, or a file's name, may put into a problem.
const nasty = `<img src=x onerror="window.hacked=true"></script><script>window.hacked=true</script>` + "\u202egpj.exe \x1b[2J"

func TestOverlay(t *testing.T) {
	t.Parallel()
	l := live(t, t.TempDir())
	l.save(livingRecord, long("", "text"))
	l.build(t.Context())
	tab := open(t)
	tab.do(t, chromedp.Navigate(l.url+"index.html"), chromedp.WaitReady("main"))
	if eval[bool](t, tab, `!!(`+inPanel+`) && !`+badge+`.hidden`) {
		t.Error("there is a badge without a problem")
	}

	// Old problems in records make a badge that opens a list.
	l.save("deployments/checklists/"+`about <img src=x onerror=alert(1)>.md`, "no record")
	l.build(t.Context())
	tab.do(t, until(`!!(`+inPanel+`) && !`+badge+`.hidden`))
	if text := eval[string](t, tab, badge+`.textContent`); text != "1 problem" || !eval[bool](t, tab, panelOut) {
		t.Errorf("the badge says %q", text)
	}
	tab.do(t, chromedp.Evaluate[chromedp.Void](badge+`.click()`))
	if text := eval[string](t, tab, panel+`.textContent`); !strings.Contains(text, "<img src=x onerror=alert(1)>.md") {
		t.Errorf("the list says %q", text)
	}
	tab.do(t, chromedp.KeyEvent("\x1b"), until(panelOut))

	// A failed build opens by itself, over the last good site.
	l.live.Fail([]problem.Problem{{File: nasty, Line: 3, Column: 7, Severity: problem.Error, Message: nasty, Hint: nasty}})
	tab.do(t, until(`!(`+panelOut+`)`))
	text := eval[string](t, tab, panel+`.textContent`)
	if !strings.Contains(text, "The site could not be built") || !strings.Contains(text, `onerror="window.hacked=true"></script>`) || !strings.Contains(text, "[U+202E]") || !strings.Contains(text, ":3:7") {
		t.Errorf("the panel says %q", text)
	}
	if eval[bool](t, tab, `!!window.hacked || `+panel+`.querySelector("img, script") !== null`) {
		t.Error("a problem's text became markup")
	}
	for _, scheme := range []string{"light", "dark"} {
		tab.setScheme(t, scheme)
		complaints := tab.takeErrors() // axe itself makes some
		runAxe(t, tab, `document`, `{}`)
		tab.takeErrors()
		if len(complaints) > 0 {
			t.Errorf("the page says %q", complaints)
		}
	}
	tab.do(t, chromedp.KeyEvent("\x1b"), until(panelOut))

	// What was closed stays closed, also on the next page, until it changes.
	tab.do(t, chromedp.Navigate(l.url+"timeline/index.html"), until(`!!(`+inPanel+`) && !`+badge+`.hidden`))
	if !eval[bool](t, tab, panelOut) {
		t.Error("what was closed opened again")
	}
	l.live.Fail([]problem.Problem{{File: "deploysite.toml", Severity: problem.Error, Message: "another one"}})
	tab.do(t, until(`!(`+panelOut+`) && `+panel+`.textContent.includes("another one")`))

	// The next good build takes it away.
	if err := os.Remove(filepath.Join(l.root, "deployments/checklists", `about <img src=x onerror=alert(1)>.md`)); err != nil {
		t.Fatal(err)
	}
	l.build(t.Context())
	tab.do(t, until(`document.readyState === "complete" && `+panelOut+` && (!(`+inPanel+`) || `+badge+`.hidden)`))
	if errors := tab.takeErrors(); len(errors) > 0 {
		t.Errorf("the page says %q", errors)
	}
}

// A page whose record was renamed stays, and says that it is gone.
func TestPageIsGone(t *testing.T) {
	t.Parallel()
	l := live(t, t.TempDir())
	l.save(livingRecord, long("", "text"))
	l.build(t.Context())
	tab := open(t)
	tab.do(t, chromedp.Navigate(l.url+"records/2026-10-01-10-00/index.html"), chromedp.WaitReady("main"), chromedp.Evaluate[chromedp.Void](`window.before = true`))
	file := filepath.Join(l.root, livingRecord)
	if err := os.Rename(file, file+".away"); err != nil {
		t.Fatal(err)
	}
	l.build(t.Context())
	tab.do(t, until(`!(`+panelOut+`) && `+panel+`.textContent.includes("This page is gone")`))
	if !eval[bool](t, tab, `window.before && document.body.innerText.includes("Part 30")`) {
		t.Error("what was there is not any more")
	}
	if err := os.Rename(file+".away", file); err != nil {
		t.Fatal(err)
	}
	l.build(t.Context())
	tab.do(t, until(panelOut))
}

// More streams than a browser has connections to a server: pages still load, and
// each gets to know.
func TestManyStreams(t *testing.T) {
	t.Parallel()
	l := live(t, t.TempDir())
	l.save(livingRecord, long("", "as it was"))
	l.build(t.Context())
	tab, other := open(t), "records/2026-10-01-10-00/index.html"
	tab.do(t, chromedp.Navigate(l.url+"problems/index.html"), chromedp.WaitReady("main"), chromedp.Evaluate[chromedp.Void](`
		window.told = {};
		window.streams = Array.from({length: 12}, (_, i) => {
			const stream = new EventSource("/_deploysite/events?page=/`+other+`&tab=" + i);
			stream.onmessage = e => { (told[i] = told[i] || new Set()).add(JSON.parse(e.data).page); };
			return stream;
		})`), until(`Object.keys(told).length === 12`))
	if status := get(t, tab, chromedp.Evaluate[int](`fetch("/`+other+`").then(r => r.status)`, chromedp.EvalAwaitPromise)); status != 200 {
		t.Errorf("a page beside them: %d", status)
	}
	tab.do(t, chromedp.Evaluate[chromedp.Void](`document.querySelector("script[data-page]").dataset.kept = "yes"`))
	out, err := l.site.Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range out.Files { // one page changes, and not that of the tab
		if f.Path == other {
			out.Files[i].Render = func(b *bytes.Buffer) error { b.WriteString("<p>as it is now"); return nil }
		}
	}
	if err := l.live.Show(serve.Build{Output: out, Theme: l.site.ThemeSum()}); err != nil {
		t.Fatal(err)
	}
	tab.do(t, until(`Object.values(told).every(tags => tags.size === 2)`))
	if !eval[bool](t, tab, `document.querySelector("script[data-page]").dataset.kept === "yes"`) {
		t.Error("a page that did not change was loaded again")
	}
}

// A tab that is not looked at lets its stream go, and catches up later.
func TestBackgroundTabCatchesUp(t *testing.T) {
	t.Parallel()
	l := live(t, t.TempDir())
	l.save(livingRecord, long("", "as it was"))
	l.build(t.Context())
	tab, watching := open(t), open(t) // the other one tells when readers have been told
	hide := func(hidden bool) {
		tab.do(t, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`Object.defineProperty(document, "hidden", {value: %t, configurable: true});
			document.dispatchEvent(new Event("visibilitychange"))`, hidden)))
	}
	for _, b := range []*browser{tab, watching} {
		b.do(t, chromedp.Navigate(l.url+"records/2026-10-01-10-00/index.html"), chromedp.WaitReady("main"), chromedp.Evaluate[chromedp.Void](`window.before = true`))
	}
	hide(true)
	l.save(livingRecord, long("", "as it is now"))
	l.build(t.Context())
	watching.do(t, until(`!window.before && document.body.innerText.includes("as it is now")`))
	if !eval[bool](t, tab, `window.before`) {
		t.Error("it was loaded again while nobody looked")
	}
	hide(false)
	tab.do(t, until(`!window.before && document.body.innerText.includes("as it is now")`))
}

// A server that was away is found again, and what changed meanwhile is shown.
func TestServerComesBack(t *testing.T) {
	t.Parallel()
	l := live(t, t.TempDir())
	l.save(livingRecord, long("", "as it was"))
	l.build(t.Context())
	address := strings.TrimSuffix(strings.TrimPrefix(l.url, "http://"), "/")
	tab := open(t)
	tab.do(t, chromedp.Navigate(l.url+"records/2026-10-01-10-00/index.html"), chromedp.WaitReady("main"))
	l.live.Close()
	l.server.Close()
	next := &living{TB: t, root: l.root, live: serve.NewLive("")}
	next.save(livingRecord, long("", "as it is now"))
	next.build(t.Context())
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := serve.Server(next.live)
	go server.Serve(listener)
	defer server.Close()
	defer next.live.Close()
	tab.do(t, until(`document.body.innerText.includes("as it is now")`))
}

// TestSaveToScreen saves a record of a project that is watched, and sees it in the
// open page. How long that takes, BenchmarkSaveToScreen measures.
func TestSaveToScreen(t *testing.T) {
	t.Parallel()
	saveToScreen(t, 20, func(save func()) { save(); save() })
}

// BenchmarkSaveToScreen measures how long it takes from the save of one record
// among a thousand until the open page shows it.
func BenchmarkSaveToScreen(b *testing.B) {
	saveToScreen(b, 1000, func(save func()) {
		var took []time.Duration
		for b.Loop() {
			time.Sleep(200 * time.Millisecond) // as between two saves of somebody who types fast
			begun := time.Now()
			save()
			took = append(took, time.Since(begun))
		}
		slices.Sort(took)
		for of, at := range map[string]int{"median": len(took) / 2, "95th": len(took) * 95 / 100, "most": len(took) - 1} {
			b.ReportMetric(float64(took[at].Milliseconds()), of+"-ms")
		}
	})
}

// saveToScreen opens a record of n that are watched, and gives a function that
// changes it and waits until the page shows the change.
func saveToScreen(t testing.TB, n int, measure func(save func())) {
	root := t.TempDir()
	if err := generate.Project(root, n, generate.Options{}); err != nil {
		t.Fatal(err)
	}
	l := live(t, root)
	e := l.site.Entries[n/2]
	source, err := os.ReadFile(filepath.Join(root, e.File))
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := project.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan bool)
	go func() {
		defer close(done)
		watch.Run(ctx, watch.Options{Inputs: func() []string { return site.Inputs(p) }, Root: root},
			func(ctx context.Context, _ []string) { l.build(ctx) })
	}()
	defer func() { cancel(); <-done }()
	tab := open(t)
	tab.do(t, chromedp.Navigate(l.url+e.Page()+"index.html"), chromedp.WaitReady("main"))
	saved := 0
	measure(func() {
		saved++
		mark := fmt.Sprintf("saved for the %dth time", saved)
		l.save(e.File, string(source)+"\n\n"+mark+"\n")
		tab.do(t, until(fmt.Sprintf("document.body.textContent.includes(%q)", mark)))
	})
}
