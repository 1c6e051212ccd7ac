package attest_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/attest"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/site"
)

// TestVerifyAddress verifies a site that a server shows, as a host does that redirects
// index.html to its folder; then one of whose files it answers otherwise.
func TestVerifyAddress(t *testing.T) {
	p, public := published(t)
	var forged string
	files := http.FileServer(http.Dir(public))
	server := httptest.NewServer(http.StripPrefix("/arcade", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case forged:
			_, _ = w.Write([]byte("forged"))
		default:
			files.ServeHTTP(w, r)
		}
	})))
	defer server.Close()
	report, err := attest.Verify(t.Context(), p, server.URL+"/arcade/?from=mail", "test", func(int, int) {})
	if err != nil || !report.Confirmed || report.Pages < 20 {
		t.Fatalf("%+v, %v", report, err)
	}
	forged = "/timeline/"
	report, err = attest.Verify(t.Context(), p, server.URL+"/arcade", "test", func(int, int) {})
	if want := []attest.Finding{{Kind: attest.PageDiffers, Path: "timeline/index.html"}}; err != nil || !slices.Equal(report.Findings, want) {
		t.Errorf("%v, %v; want %v", report.Findings, err, want)
	}
	if _, err = attest.Verify(t.Context(), p, server.URL, "test", func(int, int) {}); err == nil {
		t.Error("a folder above the site is verified")
	}
}

// TestVerifyByAnotherVersion compares what it can, and claims no more.
func TestVerifyByAnotherVersion(t *testing.T) {
	p, public := published(t)
	report, err := attest.Verify(t.Context(), p, public, "newer", func(int, int) {})
	if err != nil || report.Rebuilt || report.Confirmed || len(report.Unknown) != 1 || len(report.Findings) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestForgedAttestation reads attestations that name no commit but something that git
// would take for one, or for an option.
func TestForgedAttestation(t *testing.T) {
	p, public := published(t)
	name := filepath.Join(public, attest.Name)
	honest, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	commit := regexp.MustCompile(`"commit": "[^"]*"`)
	for _, forged := range []string{"main", "HEAD~1", "--output=stolen", "", "abc", strings.Repeat("a", 41)} {
		if err := os.WriteFile(name, commit.ReplaceAll(honest, []byte(`"commit": "`+forged+`"`)), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := attest.Verify(t.Context(), p, public, "test", func(int, int) {}); err == nil || !strings.Contains(err.Error(), "which is none") {
			t.Errorf("%q: %v", forged, err)
		}
	}
}

// published makes a project with a record, commits it, and builds its site.
func published(t *testing.T) (*project.Project, string) {
	t.Helper()
	root, public := t.TempDir(), filepath.Join(t.TempDir(), "public")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dir := filepath.Join(root, "deployments", "checklists")
	check(os.MkdirAll(dir, 0o777))
	check(os.WriteFile(filepath.Join(dir, "2024-08-31-14-30-deployment.md"), []byte("# Arcade v1.2.0\n\n- [x] Tests\n"), 0o666))
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-qm", "records"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = root
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	p, _, err := project.Open(root)
	check(err)
	now := time.Date(2024, 9, 1, 12, 0, 0, 0, time.UTC)
	a, err := attest.New(t.Context(), p, now, "", "test")
	check(err)
	s, err := site.Load(t.Context(), p, site.Options{Now: now, Version: "test"})
	check(err)
	defer s.Close()
	out, err := s.Output()
	check(err)
	_, err = publish.Publish(t.Context(), public, out.Files, publish.Options{Last: &publish.Last{Path: attest.Name, Make: a.With}})
	check(err)
	return p, public
}

// TestHostileSites asks sites that lead elsewhere, do not end, or hold what is no file.
func TestHostileSites(t *testing.T) {
	p, public := published(t)
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer elsewhere.Close()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string
	}{
		"another host": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1), http.StatusFound)
		}, "if that is the site, verify that address"},
		"a file": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		}, "file:///etc/passwd"},
		"itself": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) }, "on and on"},
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			for piece, err := make([]byte, 1<<20), error(nil); err == nil; {
				_, err = w.Write(piece)
			}
		}, "attestation.json is larger than 64 MiB"},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte("{"))
		}, "attestation.json cannot be read: unexpected EOF"},
	} {
		server := httptest.NewServer(test.answer)
		if _, err := attest.Verify(t.Context(), p, server.URL, "test", func(int, int) {}); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
		server.Close()
	}
	if asked > 0 {
		t.Error("another host was asked")
	}
	page := filepath.Join(public, "timeline", "index.html")
	if err := os.Remove(page); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(page, 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := attest.Verify(t.Context(), p, public, "test", func(int, int) {}); err == nil || !strings.Contains(err.Error(), page+" cannot be read: it is a folder") {
		t.Errorf("a folder in a page's place: %v", err)
	}
}

// Names of files and branches are published with an attestation. There is none with a secret in one.
func TestNoSecretIsAttested(t *testing.T) {
	p, _ := published(t)
	token := "ghp_" + "aBcD1234567890abcdef" + "ghijABCDEFGHIJ12"
	file := filepath.Join(p.Root, p.Config.Records, token+".md")
	if err := os.WriteFile(file, []byte("# x\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	_, err := attest.New(t.Context(), p, time.Now(), "", "test")
	if err == nil || !strings.Contains(err.Error(), "looks like a secret (github-pat)") || strings.Contains(err.Error(), token) {
		t.Errorf("a file: %v", err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("git", "checkout", "-q", "-b", "fix/"+token)
	cmd.Dir = p.Root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatal(err, string(out))
	}
	if _, err := attest.New(t.Context(), p, time.Now(), "", "test"); err == nil || strings.Contains(err.Error(), token) {
		t.Errorf("a branch: %v", err)
	}
}
