package site

import (
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/text"
)

// kindsOfFiles are small projects by kind. The first line is what must come of it: the
// records with their outcome, the rules of the problems. In a file's content, LFS stands
// for a pointer of Git LFS, NFD before a word for its decomposed form.
var kindsOfFiles = map[string][]string{
	"front matter that comes late": {
		"01=failed\n-- d/2024-08-01.md --\n\n \t\n\n---\nstatus: failed\n---\n# A\n",
		"01=failed\n-- d/2024-08-01.md --\n<!--\na comment of\nthree lines\n-->\n\n<!-- and one more -->\n---\nstatus: failed\n---\n# A\n",
		"01=failed\n-- d/2024-08-01.md --\n\n+++\nstatus = \"failed\"\n+++\n# A\n",
		"01=failed\n-- d/2024-08-01.md --\n<!-- vim: tw=80 -->\n{\n\"status\": \"failed\"\n}\n# A\n",
		"01=failed\n-- d/2024-08-01.md --\n\ufeff\n---\r\nstatus: failed\r\n---\r\n# A\r\n",
		"01=in-progress bad-front-matter\n-- d/2024-08-01.md --\n\n---\nstatus: [failed\n---\n# A\n",

		"01=in-progress\n-- d/2024-08-01.md --\n\n---\nWe went on.\n---\n# A\n",
		"01=in-progress\n-- d/2024-08-01.md --\nText first.\n\n---\n\n## Tests\n\nstatus: failed\n\n---\n",
		"01=in-progress\n-- d/2024-08-01.md --\n\n```\n---\nstatus: failed\n---\n```\n# A\n",
		"01=in-progress\n-- d/2024-08-01.md --\n<!--\n---\nstatus: failed\n---\n-->\n# A\n",
	},
	"extensions": {
		"01=failed\n-- d/2024-08-01.markdown --\n- Status: failed\n",
		"01=failed\n-- d/2024-08-01.MD --\n- Status: failed\n",
		"01=failed\n-- d/2024-08-01.Mdown --\n- Status: failed\n",
		"01=failed\n-- d/2024/2024-08-01.mkd --\n- Status: failed\n",
		"01=failed 02=succeeded\n-- d/2024-08-01.md --\n- Status: failed\n-- d/2024-08-02.MARKDOWN --\n- Status: success\n",
		"01=in-progress stray-file\n-- d/2024-08-01.md --\n[the steps](notes.MarkDown) [how](../docs/a.MD#b)\n-- d/_notes.md --\n-- d/notes.MarkDown --\n-- docs/a.MD --\n# B\n",
		"stray-file\n-- d/2024-08-01.mdx --\n- Status: failed\n",
		"stray-file\n-- d/2024-08-01-outage.qmd --\n---\ntitle: A\n---\n",
		"stray-file stray-file\n-- d/2024-08-01.html.md.erb --\n-- d/31.08.2024.RST --\n",
		"01=in-progress stray-file\n-- d/2024-08-01.md --\n# A\n-- d/2023/2023-08-01.adoc --\n= A\n",

		"\n-- d/2024-08-01.txt --\n- Status: failed\n",
		"\n-- d/2024-08-01.md.bak --\n- Status: failed\n-- d/2024-08-01.md~ --\n- Status: failed\n",
		"\n-- d/2024-08-01-output.txt --\n- Status: failed\n-- d/notes.rst --\n-- d/_2024-08-01.mdx --\n",
	},
	"pointers": {
		"01=in-progress lfs-pointer\n-- d/2024-08-01.md --\nLFS\n",
		"01=in-progress barred-link no-picture\n-- d/2024-08-01.md --\n![a](a.png)\n-- d/a.png --\nLFS\n",
		"01=in-progress barred-link no-picture\n-- d/2024-08-01.md --\n![a](img/a.webp)\n-- d/img/a.webp --\nLFS\n",
		"lfs-pointer\n-- d/.keep --\n-- docs/deployment-checklist.md --\nLFS\n",
		"lfs-pointer\n-- d/.keep --\n-- docs/deployment-process.md --\nLFS\n",

		"01=in-progress\n-- d/2024-08-01.md --\n# Pointers\n\n```\nversion https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n```\n",
		"01=in-progress\n-- d/2024-08-01.md --\nversion https://example.org/spec/v1\noid sha256:4d7a\n",
		"01=in-progress\n-- d/2024-08-01.md --\n[a](a.pdf)\n-- d/a.pdf --\nLFS\n",
	},
	noText: {
		"stray-file\n-- d/2024-08-01-caf\xe9.md --\n- Status: failed\n",
		"stray-file\n-- d/2024-08-01-14-30-\xff\xfe.markdown --\n- Status: failed\n",
		"stray-file\n-- d/2024-08-01-\xed\xa0\x80.md --\n- Status: failed\n", // half a surrogate
		"stray-file\n-- d/2024-08-01-\xc0\xaf.md --\n- Status: failed\n",     // a slash in too many bytes
		"not-read\n-- d/\xe9t\xe9/2024-08-01.md --\n- Status: failed\n",
		"01=failed dead-link\n-- d/2024-08-01.md --\n- Status: failed\n\n![a](caf%E9.png)\n-- d/caf\xe9.png --\n",
		"01=failed dead-link\n-- d/2024-08-01.md --\n- Status: failed\n\n![a](café.png)\n-- d/caf\xe9.png --\n",

		// Names that are text are read, whatever letters they have.
		"01=failed\n-- d/2024-08-01-café.md --\n- Status: failed\n",
		"01=failed\n-- d/2024-08-01-NFDcafé.md --\n- Status: failed\n",
		"01=failed\n-- d/2024-08-01-復旧\U0001F680.md --\n- Status: failed\n",
		"01=failed\n-- d/2024-08-01.md --\n- Status: failed\n-- d/\xff.txt --\n", // nobody takes it for a record
		"01=failed\n-- d/2024-08-01.md --\n- Status: failed\n\n![a](caf%C3%A9.png)\n-- d/café.png --\n",
	},
	"letters": {
		"01=failed 02=failed of 1 service\n-- d/2024-08-01.md --\n- Status: failed\n- Service: Café\n-- d/2024-08-02.md --\n- Status: failed\n- Service: NFDCafé\n",
		"01=failed 02=failed of 1 service\n-- d/2024-08-01.md --\n- Status: failed\n- Service: STRASSE Nord\n-- d/2024-08-02.md --\n- Status: failed\n- Service: Strasse NORD\n",
		"01=in-progress\n-- d/2024-08-01.md --\n![a](NFDÜbersicht.png) [b](<../docs/NFDété 1.md>) [c](../docs/%C3%A9t%C3%A9%201.md)\n-- d/Übersicht.png --\n-- docs/été 1.md --\n# A\n",
		"01=in-progress\n-- d/2024-08-01.md --\n![a](Übersicht.png)\n-- d/NFDÜbersicht.png --\n",
		"01=in-progress\n-- d/2024-08-01.md --\n[a](../docs/復旧.md#手順-ガ)\n-- docs/復旧.md --\n# A\n\n## 手順 NFDガ\n",

		"01=in-progress dead-link\n-- d/2024-08-01.md --\n![a](Ubersicht.png)\n-- d/Übersicht.png --\n",
		"01=in-progress dead-link\n-- d/2024-08-01.md --\n[a](../docs/ete.md)\n-- docs/été.md --\n# A\n",
		"01=failed 02=failed of 2 services\n-- d/2024-08-01.md --\n- Status: failed\n- Service: Cafe\n-- d/2024-08-02.md --\n- Status: failed\n- Service: Café\n",
	},
	"anchors": {
		"01=in-progress\n-- d/2024-08-01.md --\n[a](#NEXT-STEPS) [b](#next-steps) [c](#Next-Steps)\n\n## Next Steps\n",
		"01=in-progress\n-- d/2024-08-01.md --\n[a](#ÜBER-UNS) [b](#über-uns)\n\n## Über uns\n",
		"01=in-progress 02=in-progress\n-- d/2024-08-01.md --\n[a](2024-08-02.md#ROLLBACK-PLAN)\n-- d/2024-08-02.md --\n## Rollback plan\n",
		"01=in-progress\n-- d/2024-08-01.md --\n[a](../docs/deployment-process.md#Plan-B)\n-- docs/deployment-process.md --\n# A\n\n## Plan B\n",
		"01=in-progress\n-- d/2024-08-01.md --\n[a](#the-writers-notes) [b](#The-Writers-Notes)\n\n## The writer's notes\n",
		"01=in-progress\n-- d/2024-08-01.md --\n[a](#Step-1-1)\n\n## Step 1\n\n## Step 1\n",

		"01=in-progress dead-anchor\n-- d/2024-08-01.md --\n[a](#nextsteps)\n\n## Next Steps\n",
		"01=in-progress dead-anchor\n-- d/2024-08-01.md --\n[a](#Next-Steps-3)\n\n## Next Steps\n\n## Next Steps\n",
		"01=in-progress dead-anchor\n-- d/2024-08-01.md --\n[a](#Rollback)\n\n## Rollback plan\n",
	},
}

const noText = "names that are no text"

func TestKindsOfFiles(t *testing.T) {
	for kind, cases := range kindsOfFiles {
		if kind == noText && runtime.GOOS != "linux" {
			continue // other file systems want text in names
		}
		for _, test := range cases {
			want, files, _ := strings.Cut(test, "\n")
			if got := toldOfFiles(t, files); got != want {
				t.Errorf("%s: %q is\n%q, want\n%q", kind, files, got, want)
			}
		}
	}
}

// toldOfFiles is what the site tells of a project.
func toldOfFiles(t *testing.T, files string) string {
	files = decomposed.ReplaceAllStringFunc(files, func(s string) string { return norm.NFD.String(s[len("NFD"):]) })
	archive := txtar.Parse([]byte("-- deploysite.toml --\nrecords = \"d\"\nrepository = \"https://github.com/acme/shop\"\n" + files))
	for i, f := range archive.Files {
		if string(f.Data) == "LFS\n" {
			archive.Files[i].Data = []byte("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n")
		}
	}
	s, _ := load(t, write(t, archive.Files))
	var told []string
	services := map[string]bool{}
	for _, e := range slices.Backward(s.Entries) {
		told = append(told, e.Started.Time.Format("02")+"="+string(e.Status))
		for _, term := range e.Terms(facet.Service) {
			services[term.Page()] = true
		}
	}
	if len(services) > 0 {
		told = append(told, "of", text.Count(len(services), "service"))
	}
	for _, p := range s.Problems {
		told = append(told, string(p.Rule))
	}
	return strings.Join(told, " ")
}

var decomposed = regexp.MustCompile(`NFD[\p{L}]+`)
