package site

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/search"
)

const searched = `
-- docs/deployment-checklist.md --
# The checklist

## Before

- [ ] **Backup**: take a snapshot of the ledger
-- docs/deployment-process.md --
# How we deploy

Nobody deploys alone.

## When not to

On a Friday afternoon.
-- deployments/checklists/2024-08-31-14-30-deployment.md --
---
title: ledger v1 to production
date: 2024-08-31T14:30:00+02:00
service: ledger
environment: production
version: v1.0.7
commit: 3f2c9ab0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6
deployer: Ada Park
approver: Noa Ben-David
announce: Zenobia
links:
  change: https://changes.example.com/OPS-4711
tags: [quarter-end]
---

Text with *emphasis*, a [ticket](https://tickets.example.com/BUG-17), &lt;angles&gt; and ` + "`code_span`" + `.

| Metric | Before |
|---|---|
| latency | 17 ms |

<details><summary>Output</summary>
verbatim &amp; folded
</details>

- ✅ **Backup**: take a snapshot of the ledger
- ❌ **Smoke tests**: log in
  - the gateway answered with teapot
  ` + "```" + `
  HTTP/1.1 418 unexpectedly
  ` + "```" + `

## Issues & Resolutions Log

### Issue #1: Rounding was off

- **Error**: BalanceMismatch
- **Resolution**: a decimal type

## Lessons Learned

- Money is no float.
`

// TestWhatIsSearched asks for every kind of text, once, and looks where the
// answer leads.
func TestWhatIsSearched(t *testing.T) {
	s, _ := load(t, write(t, txtar.Parse([]byte(searched)).Files))
	ix, err := s.SearchIndex()
	if err != nil {
		t.Fatal(err)
	}
	const record = "records/2024-08-31-14-30/index.html"
	for query, want := range map[string]string{
		"emphasis":            record,
		"BUG-17":              record, // in an address
		"OPS-4711":            record,
		"angles":              record,
		"code_span":           record,
		"latency":             record,
		"verbatim":            record, // in HTML
		"output":              record,
		"Noa":                 record, // who approved it
		"Zenobia":             record, // under a key that has no meaning
		"3f2c9ab":             record,
		"v1.0.7":              record,
		"2024-08-31":          record,
		"2024-08-31-14-30":    record,
		"quarter-end":         "tags/quarter-end/index.html " + record,
		"teapot":              record,
		"unexpectedly":        record,
		"balancemismatch":     record + "#issue-rounding-was-off",
		"rounding":            record + "#issue-rounding-was-off",
		"float":               record + "#lesson-money-is-no-float",
		"snapshot":            "checklist/index.html#s-before " + record,
		"friday":              "process/index.html#s-when-not-to",
		"nobody":              "process/index.html",
		"Ada":                 "deployers/ada-park/index.html " + record,
		"ledger kind:service": "services/ledger/index.html",
		"has:failed":          record,
		"has:tip":             "",
	} {
		r, err := ix.Search(t.Context(), search.Query{Text: query})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, one := range r.Results {
			url := one.URL
			if len(one.Notes) > 0 {
				url = one.Notes[0].URL
			}
			got = append(got, url)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
}

func TestNoteAddressesAreThere(t *testing.T) {
	s, out := load(t, "../../examples/jump-man")
	ix, err := s.SearchIndex()
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, query := range []string{"certificate", "timeout", "has:issue", "smoke", "kind:process deploy", "kind:checklist backup", "by:ada"} {
		r, err := ix.Search(t.Context(), search.Query{Text: query, Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range r.Results {
			urls := []string{one.URL}
			for _, n := range one.Notes {
				urls = append(urls, n.URL)
			}
			for _, u := range urls {
				file, fragment, has := strings.Cut(u, "#")
				html := page(t, out, file)
				if has && !strings.Contains(html, fmt.Sprintf("id=%q", fragment)) {
					t.Errorf("%s: there is no %s", query, u)
				}
				checked++
			}
		}
	}
	if checked < 100 {
		t.Errorf("only %d addresses were seen", checked)
	}
}

func TestSearchCanBeSwitchedOff(t *testing.T) {
	files := append(txtar.Parse([]byte(searched)).Files, txtar.File{Name: "deploysite.toml", Data: []byte("[search]\nenabled = false\n")})
	s, out := load(t, write(t, files))
	for _, f := range out.Files {
		if strings.HasPrefix(f.Path, "search/") {
			t.Errorf("there is a file %s", f.Path)
		}
	}
	if s.SearchManifest() != "" {
		t.Errorf("the manifest is %q", s.SearchManifest())
	}
	if _, err := s.SearchIndex(); err == nil {
		t.Error("there is an index to search")
	}
}
