package render

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	nethtml "golang.org/x/net/html"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/words"
	"github.com/deploysite/deploysite/themes"
)

// FuzzDocument reads the HTML of a record as a browser does: it stays where it is put,
// nothing in it runs, links lead only where they may, and each id is unique and has a
// prefix that no id of a page has.
func FuzzDocument(f *testing.F) {
	for _, seed := range []string{
		"# T\n\n## A\n\n- [x] **a**: b <!-- 2024-08-31T14:32:10+02:00 Ada Park -->\n- ❌ c\n  - d\n\n## Tips\n\n- e `f`\n",
		"<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> <a href='javascript:a' name=x>b</a> <a name=main></a>\n",
		"[a](javascript:b) [c](  JaVaScRiPt&colon;b) <data:text/html,x> ![d](data:x) [e](//f) <vbscript:g> <h@i.j>\n",
		"<details><summary>a</summary>\n\n- b\n\n</details>\n\n</main></div></details>\n\n<table><tr><td>- [x] c\n",
		"# A {#main onclick=b}\n\n# A\n\n# Constructor\n\n[^1] [^1]\n\n[^1]: b <b>\n\n| a | b |\n|:-|-:|\n| <td> | `|` |\n",
		"```a\" onclick=\"b\n</code></pre><script>\n```\n\n~~a~~ <svg/onload=b> <!-- </div> --> <?a?> <![CDATA[b]]>\n",
		"## Issues\n\n### Issue #1: a\n\n- Error: <b\n- Resolution: [x](https://example.org/\"onclick=) <style>\n",
	} {
		f.Add([]byte(seed))
	}
	w, _, err := words.Load([]words.Layer{{FS: themes.Default()}}, "en")
	if err != nil {
		f.Fatal(err)
	}
	b := NewBody(NewHighlighter(), w)
	f.Fuzz(func(t *testing.T, source []byte) {
		const file = "records/2024-08-31-14-30-deployment.md"
		r := records.Parse(file, source, records.Options{Dir: "records"})
		if r.Document.Root == nil {
			return
		}
		h, err := b.Document(r, Place{Page: "records/2024-08-31-14-30/", Warn: func(problem.Rule, int, string, string) {}, Links: Links{
			Root: "../../", Folder: "records", Shown: &sync.Map{}, Headings: map[string]string{},
			Exists: func(string) bool { return true }, Blob: func(file string) string { return "https://example.org/" + EscapePage(file) },
		}})
		if err != nil {
			t.Fatal(err)
		}
		checkHTML(t, h)
	})
}

func checkHTML(t *testing.T, h []byte) {
	t.Helper()
	root, err := nethtml.Parse(strings.NewReader("<!doctype html><title>t</title><main>" + string(h) + "</main><footer>f</footer>"))
	if err != nil {
		t.Fatal(err)
	}
	body := root.LastChild.LastChild
	if main := body.FirstChild; main.Data != "main" || main.NextSibling == nil || main.NextSibling.Data != "footer" || main.NextSibling != body.LastChild {
		var seen bytes.Buffer
		_ = nethtml.Render(&seen, body)
		t.Fatalf("it does not stay in its place:\n%s\n%s", h, seen.Bytes())
	}
	ids := map[string]bool{}
	for n := range body.FirstChild.Descendants() {
		if n.Type != nethtml.ElementNode {
			continue
		}
		if !slices.Contains(elements, n.Data) || n.Namespace != "" {
			t.Fatalf("it has the element %s:\n%s", n.Data, h)
		}
		for _, a := range n.Attr {
			checkAttribute(t, h, a)
			if a.Key == "id" {
				if ids[a.Val] {
					t.Fatalf("the id %q is there twice:\n%s", a.Val, h)
				}
				ids[a.Val] = true
			}
		}
	}
}

// elements are those that a record may have.
var elements = strings.Fields(`a abbr b bdi blockquote br code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre
	s small span strong sub summary sup table tbody td th thead time tr u ul`)

var idPrefixes = strings.Fields("s- step- well- issue- lesson- tip- note-fn note-fnref a-")

func checkAttribute(t *testing.T, h []byte, a nethtml.Attribute) {
	t.Helper()
	switch {
	case a.Key == "href" || a.Key == "src":
		u, err := url.Parse(a.Val)
		if err != nil || u.Scheme == "" && u.Host != "" || u.Scheme != "" && !slices.Contains([]string{"http", "https", "mailto"}, u.Scheme) {
			t.Fatalf("%s leads to %q: %v\n%s", a.Key, a.Val, err, h)
		}
	case a.Key == "id":
		if !slices.ContainsFunc(idPrefixes, func(prefix string) bool { return strings.HasPrefix(a.Val, prefix) }) {
			t.Fatalf("the id %q has no prefix:\n%s", a.Val, h)
		}
	case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "name", a.Key == "srcdoc", a.Key == "srcset", a.Key == "formaction", a.Key == "action":
		t.Fatalf("it has the attribute %s:\n%s", a.Key, h)
	}
}
