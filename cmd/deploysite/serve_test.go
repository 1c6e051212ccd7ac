package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// A terminal is what a command wrote so far.
type terminal struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // closed at the next write
}

// patience only ends what hangs.
const patience = 5 * time.Minute

func newTerminal() *terminal { return &terminal{more: make(chan struct{})} }

func (w *terminal) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	close(w.more)
	w.more = make(chan struct{})
	return w.text.Write(p)
}

func (w *terminal) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// wait waits until the text behind an offset matches, and gives the offset
// behind the match.
func (w *terminal) wait(t *testing.T, from int, pattern string) int {
	t.Helper()
	expr := regexp.MustCompile(pattern)
	late := time.After(patience)
	for {
		w.mu.Lock()
		more, text := w.more, w.text.String()
		w.mu.Unlock()
		if at := expr.FindStringIndex(text[min(from, len(text)):]); at != nil {
			return from + at[1]
		}
		select {
		case <-more:
		case <-late:
			t.Fatalf("the terminal never shows %q behind %d:\n%s", pattern, from, text)
		}
	}
}

// A served is a project while it is served.
type served struct {
	*testing.T
	root           string
	url            string
	stdout, stderr *terminal
	at             int // how much of stderr was looked at
	end            context.CancelFunc
	status         chan int
}

// startServe serves a project and waits for its address.
func startServe(t *testing.T, root string, args ...string) *served {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &served{T: t, root: root, stdout: newTerminal(), stderr: newTerminal(), end: cancel, status: make(chan int, 1)}
	env := &cli.Env{Name: "deploysite", Stdout: s.stdout, Stderr: s.stderr, Getenv: func(string) string { return "" }, Now: time.Now}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.status <- env.Exit(run(ctx, env, append([]string{"-C", root, "serve", "-p", "0"}, args...)))
	}()
	t.Cleanup(func() { cancel(); <-done })
	s.stdout.wait(t, 0, `\n`)
	s.url = strings.TrimSpace(s.stdout.String())
	s.until("Ctrl-C ends\n")
	return s
}

func (s *served) until(pattern string) {
	s.Helper()
	s.at = s.stderr.wait(s.T, s.at, pattern)
}

func (s *served) write(name, text string) {
	s.Helper()
	file := filepath.Join(s.root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		s.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		s.Fatal(err)
	}
}

func (s *served) get(path string) (int, string) {
	s.Helper()
	r, err := http.Get(s.url + path)
	if err != nil {
		s.Fatal(err)
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		s.Fatal(err)
	}
	return r.StatusCode, string(data)
}

// shows waits for the status of a page and what it says: one save can be two
// builds, where the machine is slow and something was seen half.
func (s *served) shows(path string, status int, want string) {
	s.Helper()
	var got int
	var body string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if got, body = s.get(path); got == status && strings.Contains(body, want) {
			return
		}
	}
	s.Errorf("%s: %d, without %q", path, got, want)
}

const (
	oneRecord = "deployments/checklists/2026-10-01-10-00-deployment.md"
	onePage   = "records/2026-10-01-10-00/"
)

func record(title string) string {
	return "---\ntitle: " + title + "\nservice: accounts\nstatus: succeeded\n---\n\n# " + title + "\n"
}

func oneProject(t *testing.T) string {
	root := t.TempDir()
	s := &served{T: t, root: root}
	s.write(oneRecord, record("First"))
	return root
}

func TestServeFollowsTheRecords(t *testing.T) {
	s := startServe(t, oneProject(t))
	s.shows(onePage, 200, "First")
	s.write(oneRecord, record("Second"))
	s.until(`\d\d:\d\d:\d\d ` + oneRecord + `: built in \d+ ms\n`)
	s.shows(onePage, 200, "Second")
	s.shows("", 200, "Second")

	// A new one, one that is renamed, one that is gone.
	other := "deployments/checklists/2026-10-02-10-00-deployment.md"
	s.write(other, record("Other"))
	s.until("built in")
	s.shows("records/2026-10-02-10-00/", 200, "Other")
	if err := os.Rename(filepath.Join(s.root, other), filepath.Join(s.root, strings.Replace(other, "10-02", "10-03", 1))); err != nil {
		t.Fatal(err)
	}
	s.until("built in")
	s.shows("records/2026-10-02-10-00/", 404, "")
	s.shows("records/2026-10-03-10-00/", 200, "Other")

	// Everything else that the site is made of.
	s.write("docs/deployment-process.md", "# How we deploy\n")
	s.until("built in")
	s.shows("process/", 200, "How we deploy")
	s.write("deploysite.toml", `title = "Accounts"`)
	s.until("built in")
	s.shows("", 200, "Accounts")
	s.write("themes/default/templates/notfound.html", `{{define "main"}}Not here{{end}}`)
	s.until("built in")
	s.shows("nowhere", 404, "Not here")
}

func TestServeShowsCommits(t *testing.T) {
	s := &served{T: t, root: oneProject(t)}
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=Ada Park", "-c", "user.email=ada@example.org"}, args...)...)
		cmd.Dir = s.root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	git("init", "-q")
	s = startServe(t, s.root)
	git("add", ".")
	git("commit", "-q", "-m", "docs: the first record")
	s.until("git: built in")
	s.shows(onePage, 200, "docs: the first record")
}

// Whatever is broken, the last good site stays, the terminal says why, and the
// next good save goes on.
func TestServeSurvives(t *testing.T) {
	s := startServe(t, oneProject(t))
	s.write("deploysite.toml", "titel = \"Accounts\"\n")
	s.until(`not built; the last site stays\ndeploysite.toml:1:1: error: unknown key "titel" \[unknown-setting\]; did you mean "title"\?\n`)
	s.shows(onePage, 200, "First")
	if err := os.Remove(filepath.Join(s.root, "deploysite.toml")); err != nil {
		t.Fatal(err)
	}
	s.until("built in")

	s.write("themes/default/templates/record.html", "{{define \"main\"}}\n{{.Nothing}}\n{{end}}")
	s.until(`not built; the last site stays\nthemes/default/templates/record.html:2:\d+: error: .*Nothing`)
	s.shows(onePage, 200, "First")
	s.write("themes/default/templates/record.html", "{{define \"main\"}}{{if}}{{end}}")
	s.until(`themes/default/templates/record.html:1: error: missing value for if`)
	s.shows(onePage, 200, "First")
	if err := os.RemoveAll(filepath.Join(s.root, "themes")); err != nil {
		t.Fatal(err)
	}
	s.until("built in")

	if err := os.Rename(filepath.Join(s.root, "deployments"), filepath.Join(s.root, "away")); err != nil {
		t.Fatal(err)
	}
	s.until(`not built; the last site stays\ndeployments/checklists: error: the folder with the records is gone`)
	s.shows(onePage, 200, "First")
	if err := os.Rename(filepath.Join(s.root, "away"), filepath.Join(s.root, "deployments")); err != nil {
		t.Fatal(err)
	}
	s.until("built in")

	// A record that cannot be read whole is a problem of that record alone.
	s.write(oneRecord, "---\ntitle: [\n\xff\x1b[2J")
	s.until(`built in \d+ ms, \d+ problems?\n` + oneRecord + `:1:1: error: `)
	s.shows("problems/", 200, "2026-10-01-10-00")
	s.write(oneRecord, record("Mended"))
	s.until(`built in \d+ ms\n`)
	s.shows(onePage, 200, "Mended")
	if strings.Contains(s.stderr.String(), "\x1b") {
		t.Error("a record steers the terminal")
	}
}

// At the very first start, what can be mended by saving a file is waited for.
func TestServeWaitsForTheFirstSite(t *testing.T) {
	root := oneProject(t)
	(&served{T: t, root: root}).write("deploysite.toml", "titel = \"Accounts\"\n")
	s := startServe(t, root)
	if !strings.Contains(s.stderr.String(), `deploysite.toml:1:1: error: unknown key "titel"`) {
		t.Errorf("the terminal shows\n%s", s.stderr)
	}
	s.shows(onePage, 503, "unknown key")
	s.write("deploysite.toml", "title = \"Accounts\"\n")
	s.until("built: 1 record\n")
	s.shows(onePage, 200, "Accounts")
}

// Thousands of events make two builds at most.
func TestServeStorm(t *testing.T) {
	root := t.TempDir()
	if err := generate.Project(root, 1000, generate.Options{}); err != nil {
		t.Fatal(err)
	}
	s := startServe(t, root)
	all, err := filepath.Glob(filepath.Join(root, "deployments/checklists/*.md"))
	if err != nil || len(all) != 1000 {
		t.Fatal(len(all), err)
	}
	now := time.Now()
	for i := range 10_000 {
		if err := os.Chtimes(all[i%len(all)], now, now.Add(time.Duration(i)*time.Millisecond)); err != nil {
			t.Fatal(err)
		}
	}
	s.until("built in")
	s.write(oneRecord, record("After the storm"))
	s.until(oneRecord + `(?:, .*)?: built in`)
	builds := regexp.MustCompile(`(?m)^.*built in`).FindAllString(s.stderr.String(), -1)
	if n := len(builds) - 1; n > 100 { // one or two, but for a machine that stops now and then
		t.Errorf("%d builds for 10,000 changes:\n%s", n, strings.Join(builds, "\n"))
	}
}

// Ctrl-C ends it, also while pages listen and a client does not read.
func TestServeEnds(t *testing.T) {
	s := startServe(t, oneProject(t))
	r, err := http.Get(s.url + "_deploysite/events?page=/")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if _, err := r.Body.Read(make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	half, err := net.Dial("tcp", strings.Trim(strings.TrimPrefix(s.url, "http:"), "/"))
	if err != nil {
		t.Fatal(err)
	}
	defer half.Close()
	fmt.Fprint(half, "GET / HTTP/1.1\r\nHost: localhost\r\n")
	s.end()
	if status := <-s.status; status != 0 {
		t.Errorf("exit status %d:\n%s", status, s.stderr)
	}
}

func TestServeStaysOnLoopback(t *testing.T) {
	own, err := net.InterfaceAddrs()
	if err != nil {
		t.Skip(err)
	}
	var other net.IP
	for _, a := range own {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.IsGlobalUnicast() {
			other = ip.IP
		}
	}
	if other == nil {
		t.Skip("this machine has no other interface")
	}
	s := startServe(t, oneProject(t))
	_, port, err := net.SplitHostPort(strings.Trim(strings.TrimPrefix(s.url, "http:"), "/"))
	if err != nil {
		t.Fatal(err)
	}
	if c, err := net.DialTimeout("tcp", net.JoinHostPort(other.String(), port), 5*time.Second); err == nil {
		c.Close()
		t.Errorf("it listens on %s", other)
	}
	// Only where it is asked for, and then with a warning.
	s = startServe(t, s.root, "--host", other.String())
	s.shows("", 200, "First")
	if !strings.Contains(s.stderr.String(), "warning: everybody who can reach "+other.String()) {
		t.Errorf("the terminal shows\n%s", s.stderr)
	}
}

func TestServePolls(t *testing.T) {
	s := startServe(t, oneProject(t), "--poll")
	s.write(oneRecord, record("Second one"))
	s.until(oneRecord + `: built in`)
	s.shows(onePage, 200, "Second one")
}

// The records of several repositories are followed as those of one.
func TestServeFollowsSources(t *testing.T) {
	s := &served{T: t, root: t.TempDir()}
	s.write("deploysite.toml", "[[source]]\npath = \"api\"\n\n[[source]]\npath = \"web\"\n")
	s.write("api/"+oneRecord, record("First"))
	s.write("web/"+oneRecord, record("Other"))
	s = startServe(t, s.root)
	s.shows("records/api/2026-10-01-10-00/", 200, "First")
	s.write("api/"+oneRecord, record("Second"))
	s.until("api/" + oneRecord + ": built in")
	s.shows("records/api/2026-10-01-10-00/", 200, "Second")
	s.shows("records/web/2026-10-01-10-00/", 200, "Other")

	s.write("web/docs/deployment-checklist.md", "# Checklist\n\n- [ ] **Announce it**\n")
	s.until("built in")
	s.shows("checklist/web/", 200, "Announce it")

	if err := os.RemoveAll(filepath.Join(s.root, "web", "deployments")); err != nil {
		t.Fatal(err)
	}
	s.until(`not built; the last site stays\nweb/deployments/checklists: error: the folder with the records is gone`)
	s.shows("records/web/2026-10-01-10-00/", 200, "Other")
}
