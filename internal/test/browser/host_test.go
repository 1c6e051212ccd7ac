package browser

import (
	"encoding/xml"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/deploysite/deploysite/internal/test/webserver"
)

// TestLinksOnDisk follows all links of the site where it was opened from the
// disk, in a folder whose name needs escapes.
func TestLinksOnDisk(t *testing.T) {
	t.Parallel()
	for name, root := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := build(t, root)
			at := filepath.Join(t.TempDir(), "a history, 100% ours #1")
			if err := os.CopyFS(at, os.DirFS(b.dir)); err != nil {
				t.Fatal(err)
			}
			base := (&url.URL{Scheme: "file", Path: filepath.ToSlash(at) + "/"}).String()
			checkCrawl(t, crawl(diskClient(), base, base+"index.html"), b)
		})
	}
}

// TestLinksUnderNginx publishes below /team/history/ of a real web server and
// follows all links; then a reader searches there.
func TestLinksUnderNginx(t *testing.T) {
	t.Parallel()
	for name, root := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := nginx(t)
			base := host.url + "team/history/"
			b := buildFor(t, root, base)
			host.publish(t, b.dir)
			c := crawl(http.DefaultClient, base, base)
			c.checkMissing(base)
			checkCrawl(t, c, b)
			checkAbsolute(t, b, base)
		})
	}
	t.Run("search", func(t *testing.T) {
		t.Parallel()
		host := nginx(t)
		base := host.url + "team/history/"
		host.publish(t, buildFor(t, example, base).dir)
		tab := open(t)
		tab.do(t, chromedp.Navigate(base), keys("/"), until(dialogOpen), searched(knownQuery, knownTitle), keys("\r"),
			until(`document.title.includes(`+quoted(knownTitle)+`)`))
		if address := get(t, tab, chromedp.Location()); address != base+knownPage {
			t.Errorf("the result leads to %s", address)
		}
		for _, e := range tab.takeErrors() {
			t.Error(e)
		}
	})
}

// TestLinksOnPages does the same where GitHub Pages publishes a project: below
// the repository's name, with 404.html for all that is missing.
func TestLinksOnPages(t *testing.T) {
	t.Parallel()
	for name, root := range inputs(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			server := httptest.NewServer(pagesHost(os.DirFS(dir), "arcade"))
			defer server.Close()
			base := server.URL + "/arcade/"
			b := buildFor(t, root, base)
			if err := os.CopyFS(dir, os.DirFS(b.dir)); err != nil {
				t.Fatal(err)
			}
			c := crawl(server.Client(), base, base)
			c.checkMissing(base)
			checkCrawl(t, c, b)
			checkAbsolute(t, b, base)
			checkUpload(t, b.dir)
		})
	}
}

// checkMissing asks for pages that do not exist, at several depths: the page
// that says so must lead back into the site.
func (c *crawler) checkMissing(base string) {
	for _, missing := range []string{"gone/", "records/1999-01-01-00-00/", "a/b/c/d.html"} {
		c.visit(base+missing, http.StatusNotFound)
		if len(c.pages[base+missing].links) == 0 {
			c.report("%s: the page for what is missing has no links", base+missing)
		}
	}
}

// checkAbsolute checks the addresses that are written in full, in the sitemap,
// the feed and the pages themselves: each must be a page of the site.
func checkAbsolute(t *testing.T, b built, base string) {
	t.Helper()
	n := 0
	check := func(file, address string) {
		n++
		address, _, _ = strings.Cut(address, "#")
		if !strings.HasPrefix(address, base) {
			t.Errorf("%s: %s is not below %s", file, address, base)
			return
		}
		response, err := http.Get(address)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			return
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK || response.Request.URL.String() != address {
			t.Errorf("%s: %s: status %d at %s", file, address, response.StatusCode, response.Request.URL)
		}
	}
	var sitemap struct {
		URL []struct {
			Loc string `xml:"loc"`
		} `xml:"url"`
	}
	decode(t, b, "sitemap.xml", &sitemap)
	for _, u := range sitemap.URL {
		check("sitemap.xml", u.Loc)
	}
	var feed struct {
		Base  string    `xml:"http://www.w3.org/XML/1998/namespace base,attr"`
		Link  []xmlLink `xml:"link"`
		Entry []struct {
			Link []xmlLink `xml:"link"`
		} `xml:"entry"`
	}
	decode(t, b, "feed.xml", &feed)
	for _, e := range feed.Entry {
		feed.Link = append(feed.Link, e.Link...)
	}
	for _, l := range feed.Link {
		check("feed.xml", feed.Base+l.Href)
	}
	canonical := regexp.MustCompile(`<link rel="canonical" href="([^"]*)"`)
	home, err := os.ReadFile(filepath.Join(b.dir, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	if m := canonical.FindSubmatch(home); m == nil || string(m[1]) != base {
		t.Errorf("index.html: the canonical address is %q, want %s", m, base)
	}
	if n == 0 {
		t.Error("no full address was found")
	}
}

type xmlLink struct {
	Href string `xml:"href,attr"`
}

func decode(t *testing.T, b built, file string, v any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(b.dir, file))
	if err == nil {
		err = xml.Unmarshal(data, v)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// checkUpload checks what GitHub asks of an artifact for Pages: no links of the
// file system, files that everybody may read, and no name that begins with an
// underscore, which a branch published through Jekyll would leave out.
func checkUpload(t *testing.T, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		switch {
		case err != nil:
			return err
		case !d.IsDir() && !info.Mode().IsRegular():
			t.Errorf("%s is a %s", p, info.Mode())
		case info.Mode().Perm()&0o444 != 0o444 && os.Getuid() == 0:
			t.Errorf("%s: mode %s", p, info.Mode())
		case strings.HasPrefix(d.Name(), "_"):
			t.Errorf("%s: Jekyll leaves out what begins with an underscore", p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// pagesHost answers as GitHub Pages does for one project.
func pagesHost(site fs.FS, project string) http.Handler {
	send := func(w http.ResponseWriter, name string, status int) bool {
		data, err := fs.ReadFile(site, name)
		if err != nil {
			return false
		}
		types := map[string]string{".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".xml": "application/xml"}
		w.Header().Set("Content-Type", types[path.Ext(name)])
		w.WriteHeader(status)
		_, _ = w.Write(data)
		return true
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, inside := strings.CutPrefix(r.URL.Path, "/"+project+"/")
		if r.URL.Path == "/"+project {
			http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
			return
		}
		if !inside {
			http.Error(w, "another site", http.StatusNotFound)
			return
		}
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		if info, err := fs.Stat(site, name); err == nil && info.IsDir() {
			http.Redirect(w, r, path.Base(name)+"/", http.StatusMovedPermanently)
			return
		}
		if !send(w, name, http.StatusOK) && !send(w, name+".html", http.StatusOK) {
			send(w, "404.html", http.StatusNotFound)
		}
	})
}

// A webServer is an nginx that publishes a folder below /team/history/.
type webServer struct {
	url string
	dir string
}

const belowAPath = `server {
	listen %s;
	location /team/history/ {
		alias %s/;
		error_page 404 /team/history/404.html;
	}
}`

func nginx(t *testing.T) *webServer {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "site")
	address := webserver.Nginx(t, func(address string) string { return fmt.Sprintf(belowAPath, address, dir) })
	return &webServer{url: "http://" + address + "/", dir: dir}
}

// publish copies a built site to where the server looks.
func (w *webServer) publish(t *testing.T, site string) {
	t.Helper()
	if err := os.CopyFS(w.dir, os.DirFS(site)); err != nil {
		t.Fatal(err)
	}
}
