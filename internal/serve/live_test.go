package serve

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/site"
)

func contextWith(ctx context.Context, addr net.Addr) context.Context {
	return context.WithValue(ctx, http.LocalAddrContextKey, addr)
}

const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'">`

// site1 is a site with one record, of which the page says a text.
func site1(says string) site.Output {
	return site.Output{Files: []site.File{
		{Path: "404.html", Render: written("<head>" + policy + "</head>nothing here")},
		{Path: "data.json", Render: written(says)},
		{Path: "index.html", Render: written("<head>" + policy + "</head>home")},
		{Path: "records/x/index.html", Render: written("<head>" + policy + "<title>x</title></head><body>" + says)},
	}}
}

func show(t *testing.T, l *Live, b Build) {
	t.Helper()
	if err := l.Show(b); err != nil {
		t.Fatal(err)
	}
}

// A listener is a page's stream.
type listener struct {
	*testing.T
	body io.Closer
	in   *bufio.Reader
}

// serveOn serves on a port as the command does.
func serveOn(t *testing.T, l *Live) string {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.Config = Server(l)
	s.Start()
	t.Cleanup(s.Close)
	t.Cleanup(l.Close) // or the streams would hold the server up
	return s.URL
}

func listen(t *testing.T, url, page string) *listener {
	t.Helper()
	r, err := http.Get(url + "/_deploysite/events?page=" + page)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Body.Close() })
	return &listener{t, r.Body, bufio.NewReader(r.Body)}
}

func (l *listener) next() (st state) {
	l.Helper()
	for {
		line, err := l.in.ReadString('\n')
		if err != nil {
			l.Fatal("the stream ended: ", err)
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			if err := json.Unmarshal([]byte(data), &st); err != nil {
				l.Fatal(err)
			}
			return st
		}
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(data)
}

func TestPagesAreDressed(t *testing.T) {
	l := NewLive("")
	show(t, l, Build{Output: site1("one")})
	url := serveOn(t, l)
	_, page := get(t, url+"/records/x/")
	if !strings.Contains(page, "script-src &#39;self&#39;; connect-src &#39;self&#39;\">") || !strings.Contains(page, `<script src="/_deploysite/reload.js?`+scriptTag+`" defer data-page="`) {
		t.Errorf("the page is %s", page)
	}
	if _, data := get(t, url+"/data.json"); data != "one" {
		t.Errorf("a file that is no page is %q", data)
	}
	for name, want := range map[string]int{"reload.js": 200, "overlay.css": 200, "waiting.html": 404, "../own.go": 404, "": 404, "other": 404} {
		if status, _ := get(t, url+"/_deploysite/"+name); status != want {
			t.Errorf("%s: %d", name, status)
		}
	}
}

func TestPolicy(t *testing.T) {
	for before, after := range map[string]string{
		"default-src 'none'":                                        "default-src 'none'; connect-src 'self'",
		"default-src 'none'; ":                                      "default-src 'none'; connect-src 'self'",
		"default-src 'none'; connect-src 'none'; img-src *":         "default-src 'none'; connect-src 'self'; img-src *",
		"default-src 'none'; Connect-Src https://status.acme.test/": "default-src 'none'; Connect-Src https://status.acme.test/ 'self'",
	} {
		if got := mayListen(before); got != after {
			t.Errorf("%q becomes %q", before, got)
		}
	}
	for page, want := range map[string]string{
		"<p>no head":                              "<p>no headSCRIPT",
		"<!doctype html><body>hi":                 "<!doctype html>SCRIPT<body>hi",
		"<head><title></head></title><p></head>x": "<head><title></head></title><p>SCRIPT</head>x",
		"":                          "SCRIPT",
		"<head><meta charset=utf-8": "<head><meta charset=utf-8SCRIPT",
	} {
		got := string(dress(page1(page)))
		if got = strings.ReplaceAll(got, string(dress(page1(""))), "SCRIPT"); got != want {
			t.Errorf("%q becomes %q", page, got)
		}
	}
}

func page1(text string) page {
	return page{name: "index.html", status: 200, data: []byte(text), tag: "t"}
}

// An open page is told when its own bytes changed, and when it is gone.
func TestEvents(t *testing.T) {
	l := NewLive("")
	show(t, l, Build{Output: site1("one")})
	url := serveOn(t, l)
	record, home, none := listen(t, url, "/records/x/"), listen(t, url, "/"), listen(t, url, "/records/y/")
	first, homeFirst, noneFirst := record.next(), home.next(), none.next()
	if _, page := get(t, url+"/records/x/"); !strings.Contains(page, first.Page) || !first.Found || noneFirst.Found {
		t.Errorf("the page's tag is not %q, or it was not found", first.Page)
	}
	show(t, l, Build{Output: site1("two")})
	second := record.next()
	if second.Page == first.Page || !second.Found {
		t.Errorf("%+v after %+v", second, first)
	}
	// The others are told of what concerns all pages only.
	found := problem.Problem{File: "a.md", Line: 3, Column: 4, Severity: problem.Warning, Message: "what\x1b[2J", Hint: "do"}
	show(t, l, Build{Output: site1("two"), Problems: []problem.Problem{found}})
	if st := home.next(); st.Page != homeFirst.Page || st.Total != 1 || st.Problems[0].Place != "a.md:3:4" || st.Problems[0].Message != "what[U+001B][2J" {
		t.Errorf("%+v", st)
	}
	record.next()
	l.Fail([]problem.Problem{{File: "deploysite.toml", Message: "broken"}})
	if st := record.next(); len(st.Failed) != 1 || st.Page != second.Page || st.Total != 1 {
		t.Errorf("%+v", st)
	}
	if _, page := get(t, url+"/records/x/"); !strings.Contains(page, "two") {
		t.Error("the last good site is gone")
	}
	out := site1("two")
	out.Files = out.Files[:3]
	show(t, l, Build{Output: out})
	if st := record.next(); st.Found || len(st.Failed) != 0 {
		t.Errorf("%+v of a page that is gone", st)
	}
}

// Before the first site there is a page that says why, and becomes the site.
func TestWaiting(t *testing.T) {
	l := NewLive("")
	url := serveOn(t, l)
	if status, page := get(t, url+"/records/x/"); status != 503 || !strings.Contains(page, "being read") {
		t.Errorf("%d %s", status, page)
	}
	l.Fail([]problem.Problem{{File: "deploysite.toml", Line: 1, Severity: problem.Error, Message: `unknown key "<script>alert(1)</script>"`, Hint: "mend it"}})
	page := listen(t, url, "/records/x/")
	first := page.next()
	status, body := get(t, url+"/records/x/")
	if status != 503 || !strings.Contains(body, "deploysite.toml:1") || strings.Contains(body, "<script>alert") || !strings.Contains(body, first.Page) {
		t.Errorf("%d %s", status, body)
	}
	show(t, l, Build{Output: site1("one")})
	if st := page.next(); !st.Found || st.Page == first.Page {
		t.Errorf("%+v", st)
	}
}

// A theme whose template fails only when it is used does not replace the site.
func TestThemeIsTried(t *testing.T) {
	l := NewLive("")
	show(t, l, Build{Output: site1("one")})
	broken := site1("two")
	broken.Files[3].Render = func(*bytes.Buffer) error { return errors.New("template: record.html:3: no such field") }
	if err := l.Show(Build{Output: broken, Theme: "new"}); err == nil {
		t.Error("it was shown")
	}
	w := httptest.NewRecorder()
	l.ServeHTTP(w, request("GET", "/records/x/", "localhost"))
	if !strings.Contains(w.Body.String(), "one") {
		t.Errorf("%s", w.Body)
	}
	// What fails later says so on its page.
	show(t, l, Build{Output: broken})
	w = httptest.NewRecorder()
	l.ServeHTTP(w, request("GET", "/records/x/", "localhost"))
	if w.Code != 500 || !strings.Contains(w.Body.String(), "no such field") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// A site stays open for as long as somebody reads from it, and no longer.
func TestFormerSiteStaysForItsReaders(t *testing.T) {
	l := NewLive("")
	reads, goOn := make(chan bool), make(chan bool)
	out := site.Output{Files: []site.File{{Path: "slow.json", Render: func(b *bytes.Buffer) error {
		reads <- true
		<-goOn
		b.WriteString("whole")
		return nil
	}}}}
	closed := make(chan bool, 1)
	show(t, l, Build{Output: out, Close: func() { closed <- true }})
	answer := make(chan string)
	go func() {
		w := httptest.NewRecorder()
		l.ServeHTTP(w, request("GET", "/slow.json", "localhost"))
		answer <- w.Body.String()
	}()
	<-reads
	show(t, l, Build{Output: site1("two")})
	select {
	case <-closed:
		t.Error("it was closed while it was read")
	default:
	}
	goOn <- true
	if got := <-answer; got != "whole" {
		t.Errorf("the reader got %q", got)
	}
	<-closed
}

// The index is made once, when somebody searches.
func TestLaterFiles(t *testing.T) {
	made := 0
	out := site1("one")
	out.Later = func() ([]site.File, error) {
		made++
		return []site.File{{Path: "search/manifest-live-1.js", Render: written("deploysiteShard()")}}, nil
	}
	l := NewLive("")
	show(t, l, Build{Output: out})
	for target, want := range map[string]int{"/": 200, "/search/none.js": 404, "/search/manifest-live-1.js": 200} {
		w := httptest.NewRecorder()
		l.ServeHTTP(w, request("GET", target, "localhost"))
		if w.Code != want {
			t.Errorf("%s: %d", target, w.Code)
		}
	}
	if made != 1 {
		t.Errorf("made %d times", made)
	}
}

// However many tabs are open, a browser has connections left for pages.
func TestManyTabs(t *testing.T) {
	l := NewLive("")
	show(t, l, Build{Output: site1("one")})
	url := serveOn(t, l)
	var last *listener
	for range maxStreams {
		last = listen(t, url, "/")
		last.next()
	}
	one := listen(t, url, "/")
	one.next()
	if _, err := one.in.ReadString(0); err == nil || !errors.Is(err, io.EOF) {
		t.Errorf("the stream goes on: %v", err)
	}
	last.body.Close()
	for l.openStreams() == maxStreams {
		time.Sleep(time.Millisecond)
	}
	one = listen(t, url, "/")
	one.next()
	l.Fail([]problem.Problem{{Message: "news"}})
	if st := one.next(); len(st.Failed) != 1 {
		t.Errorf("%+v", st)
	}
}

func (l *Live) openStreams() int {
	return len(l.streams)
}

// Clients that send half a request, or do not read, keep nobody from being
// served, and are cut off.
func TestHalfOpen(t *testing.T) {
	t.Parallel()
	l := NewLive("")
	out := site1("one")
	out.Files = append(out.Files, site.File{Path: "large.json", Render: written(strings.Repeat("0123456789", 1<<20))})
	show(t, l, Build{Output: out})
	url := serveOn(t, l)
	dial := func(sends string) net.Conn {
		c, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if _, err := io.WriteString(c, sends); err != nil {
			t.Fatal(err)
		}
		return c
	}
	var half []net.Conn
	for i := range 50 {
		half = append(half, dial("GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow:"))
		dial("")
		if i < 5 {
			dial("GET /large.json HTTP/1.1\r\nHost: localhost\r\n\r\n") // and never reads
		}
	}
	if status, _ := get(t, url+"/"); status != 200 {
		t.Errorf("%d beside half-open connections", status)
	}
	_ = half[0].SetReadDeadline(time.Now().Add(5 * time.Minute))
	if _, err := io.ReadAll(half[0]); err != nil {
		t.Errorf("a half-open connection stays: %v", err)
	}
}

// A request that lasts longer than the time for reading one is not cut off.
func TestStreamsLast(t *testing.T) {
	t.Parallel()
	l := NewLive("")
	show(t, l, Build{Output: site1("one")})
	s := httptest.NewUnstartedServer(nil)
	s.Config = Server(l)
	const most = 2 * time.Second // enough for a busy machine
	s.Config.ReadHeaderTimeout, s.Config.ReadTimeout, s.Config.WriteTimeout = most, most, most
	s.Start()
	defer s.Close()
	defer l.Close()
	page := listen(t, s.URL, "/records/x/")
	page.next()
	// The server hangs up on another connection when the time has passed.
	silent, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if _, err := io.ReadAll(silent); err != nil {
		t.Fatal(err)
	}
	show(t, l, Build{Output: site1("two")})
	page.next()
}
