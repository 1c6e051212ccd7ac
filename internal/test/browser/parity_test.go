package browser

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/test/generate"
	"github.com/deploysite/deploysite/internal/test/labelled"
)

// An answer is what both engines say to a query, as JSON.
type answer struct {
	Terms     []string
	Hints     []string
	Corrected string
	Total     int
	Results   []answerResult
	Facets    map[string][]facetValue // by field
}

// A facetValue is a value that results have, and how many of them.
type facetValue struct {
	Value string
	Count int
}

// A question is a query, and whether the values of facets are counted as well, which
// only the engine in the browser does.
type question struct {
	search.Query
	Facets bool
}

type answerResult struct {
	ID, Title, URL, Status, Date string
	Kind                         search.Kind
	Score                        int
	Excerpt                      string
	Of                           map[string][]string
	Notes                        []string
}

// inJS gives the same of what the engine in the browser says.
const inJS = `(async () => {
	const text = parts => parts.map(p => p.mark ? "[" + p.text + "]" : p.text).join("");
	const out = [];
	for (const q of %s) {
		const r = await engine.search(q.Text, {limit: q.Limit || 10, offset: q.Offset, facets: q.Facets, filters: q.Filters || {}});
		const facets = {};
		for (const f in r.facets) facets[f] = r.facets[f].map(v => ({Value: v.value, Count: v.count}));
		out.push({Terms: r.terms, Hints: r.hints.map(([what, values]) => deploysiteSearchParts.said(what, values)), Corrected: r.corrected, Total: r.total, Facets: facets, Results: r.results.map(x => ({
			ID: x.id, Title: x.title, URL: x.url, Status: x.status, Date: x.date, Kind: x.kind, Score: x.score,
			Excerpt: text(x.excerpt), Of: x.of,
			Notes: x.notes.map(n => n.kind + " " + n.url + " " + text(n.excerpt))}))});
	}
	return JSON.stringify(out);
})()`

func marked(parts []search.Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Mark {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// valuesOf are the values that the facets of a site can have.
func valuesOf(s *site.Site) map[string][]string {
	all := map[string][]string{facet.Kind.Name: cli.Names(search.Kinds()), facet.Status.Name: append(cli.Names(records.Statuses), "unfinished"),
		facet.Step.Name: cli.Names(records.States)}
	for _, f := range facet.Lists {
		all[f.Name] = nil
		for _, t := range s.Terms[f] {
			all[f.Name] = append(all[f.Name], t.Name)
		}
	}
	for year := 2030; year > 2000; year-- {
		all[facet.Year.Name] = append(all[facet.Year.Name], strconv.Itoa(year))
	}
	return all
}

// countInGo counts what a query finds with each value of each facet in the place of
// the filter for that facet.
func countInGo(t *testing.T, ix *search.Index, q search.Query, values map[string][]string) map[string][]facetValue {
	t.Helper()
	out := map[string][]facetValue{}
	for field, all := range values {
		out[field] = []facetValue{}
		for _, v := range all {
			with := search.Query{Text: q.Text, Limit: 1, Filters: maps.Clone(q.Filters)}
			if with.Filters == nil {
				with.Filters = map[string][]string{}
			}
			with.Filters[field] = []string{v}
			r, err := ix.Search(t.Context(), with)
			if err != nil {
				t.Fatal(err)
			}
			if r.Total > 0 {
				out[field] = append(out[field], facetValue{v, r.Total})
			}
		}
		if field != facet.Kind.Name && field != facet.Year.Name { // which have an order of their own
			slices.SortFunc(out[field], func(a, b facetValue) int { return strings.Compare(a.Value, b.Value) })
			slices.SortStableFunc(out[field], func(a, b facetValue) int { return b.Count - a.Count })
		}
		out[field] = out[field][:min(50, len(out[field]))]
	}
	return out
}

// inGo is the answer of the engine in Go.
func inGo(t *testing.T, ix *search.Index, q question, values map[string][]string) answer {
	t.Helper()
	r, err := ix.Search(t.Context(), q.Query)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{Terms: r.Terms, Hints: r.Hints, Corrected: r.Corrected, Total: r.Total}
	if q.Facets {
		a.Facets = countInGo(t, ix, q.Query, values)
	}
	for _, x := range r.Results {
		one := answerResult{ID: x.ID, Title: x.Title, URL: x.URL, Status: x.Status, Date: x.Date,
			Kind: x.Kind, Score: x.Score, Excerpt: marked(x.Excerpt), Of: map[string][]string{}}
		for _, f := range facet.Lists {
			one.Of[f.Name] = x.Of(f)
		}
		for _, n := range x.Notes {
			one.Notes = append(one.Notes, fmt.Sprintf("%s %s %s", n.Kind, n.URL, marked(n.Excerpt)))
		}
		a.Results = append(a.Results, one)
	}
	return a
}

// ask loads the engine into a page and gives it the index of the site.
func (b built) ask(t *testing.T, base string) *browser {
	t.Helper()
	tab := open(t)
	tab.do(t, chromedp.Navigate(base+"timeline/index.html"))
	engine := ""
	for _, f := range b.output.Files {
		if strings.HasPrefix(f.Path, "assets/search-engine.") {
			engine = f.Path
		}
	}
	script := fmt.Sprintf(`new Promise((resolve, reject) => {
		const s = document.createElement("script");
		s.src = "../%s";
		s.onload = () => { window.engine = deploysiteSearch.create({root: "../", manifest: %q}); resolve(true); };
		s.onerror = reject;
		document.head.append(s);
	})`, engine, b.site.SearchManifest())
	get(t, tab, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
	return tab
}

// TestEnginesAgree holds the search in the browser to that in Go: the same
// results, scores, excerpts and counts, in the same order.
func TestEnginesAgree(t *testing.T) {
	t.Parallel()
	for name, root := range map[string]string{
		"example": example,
		"generated": made(t, "generated", func(root string) error {
			return generate.Project(root, 400, generate.Options{Seed: 7})
		}),
		"sources": made(t, "four sources", func(root string) error {
			return generate.Organisation(root, 4, 60, generate.Options{Seed: 7})
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := build(t, root)
			ix, err := b.site.SearchIndex()
			if err != nil {
				t.Fatal(err)
			}
			values := valuesOf(b.site)
			queries := madeUpQueries(t, ix, values, 250)
			asked, err := json.Marshal(queries)
			if err != nil {
				t.Fatal(err)
			}
			want := allInGo(t, ix, queries, values)
			for place, base := range b.places() {
				t.Run(place, func(t *testing.T) {
					t.Parallel()
					said := get(t, b.ask(t, base), chromedp.Evaluate[string](fmt.Sprintf(inJS, asked), chromedp.EvalAwaitPromise))
					var got []answer
					if err := json.Unmarshal([]byte(said), &got); err != nil {
						t.Fatal(err)
					}
					compareAnswers(t, queries, want, got)
				})
			}
		})
	}
}

// allInGo are the answers to queries, most of which must find something.
func allInGo(t *testing.T, ix *search.Index, queries []question, values map[string][]string) []answer {
	t.Helper()
	var all []answer
	found := 0
	for _, q := range queries {
		a := inGo(t, ix, q, values)
		if a.Total > 0 {
			found++
		}
		all = append(all, a)
	}
	if found < len(queries)/2 {
		t.Errorf("only %d of %d queries found anything", found, len(queries))
	}
	return all
}

func compareAnswers(t *testing.T, queries []question, want, got []answer) {
	t.Helper()
	differ := 0
	for i, q := range queries {
		if diff := cmp.Diff(want[i], got[i], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%+v: -Go +JavaScript\n%s", q, diff)
			if differ++; differ == 5 {
				t.Fatal("and perhaps more")
			}
		}
	}
}

// madeUpQueries are of every kind, out of the words that documents have.
func madeUpQueries(t *testing.T, ix *search.Index, values map[string][]string, n int) []question {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 4))
	r, err := ix.Search(t.Context(), search.Query{Text: "has:issue", Limit: 60})
	if err != nil || len(r.Results) < 10 {
		t.Fatal(err, len(r.Results))
	}
	var lines []string
	for _, one := range r.Results {
		lines = append(lines, one.Title, one.Excerpt.String())
	}
	m := queryMaker{rng, lines, values}
	var queries []question
	for _, q := range []search.Query{{Text: ""}, {Text: " "}, {Text: "-"}, {Text: `"`}, {Text: "status:"}, {Text: "smoke tests"}, {Text: "kind:document"}, {Text: "status:succeeded step:failed"}, {Text: "step:pending"}, {Text: "step:none"}, {Text: "kind:doc lock"},
		{Text: "source:checkout"}, {Text: "source:acc issue"}, {Text: "-source:checkout kind:lesson"}, {Text: "kind:source checkout"},
		{Text: strings.Repeat("long ", 100)}, {Text: "<script>alert(1)</script>"}, {Text: "\u202e \ufeff x"}, {Text: "李晓梅"}, {Text: "Håkan"},
		{Text: "v1.4.2"}, {Text: "1.4"}, {Text: "v1.4 "}, {Text: "v1"}, {Text: "v20"}, {Text: "v2 "}, {Text: "1.4.2-rc.1"}, {Text: "rc.1"}, {Text: "C++ C# .NET"},
		{Text: "10.0.0 -10.0.0.12"}, {Text: "INC-4711"}, {Text: "ip-10-0-0-12"}, {Text: "TLSv1.3"}, {Text: "0x80070005"}, {Text: `"version v1.4.2"`},
		{Text: "constructor"}, {Text: "toString:x __proto__ hasOwnProperty"}} {
		queries = append(queries, question{q, false})
	}
	queries = append(queries, question{search.Query{}, true}, question{search.Query{Text: "lock"}, true})
	for len(queries) < n {
		q := m.query()
		queries = append(queries, question{q, !strings.Contains(q.Text, ":") && m.rng.IntN(8) == 0}) // a filter in the text is not left out for its facet
	}
	return queries
}

type queryMaker struct {
	rng    *rand.Rand
	lines  []string
	values map[string][]string // by facet
}

func (m queryMaker) query() search.Query {
	q := search.Query{Limit: 1 + m.rng.IntN(12)}
	words := strings.Fields(m.lines[m.rng.IntN(len(m.lines))])
	if len(words) == 0 {
		return q
	}
	from := m.rng.IntN(len(words))
	some := words[from:min(len(words), from+1+m.rng.IntN(4))]
	switch m.rng.IntN(8) {
	case 0:
		q.Text = some[0][:1+m.rng.IntN(len(some[0]))]
	case 1, 2:
		q.Text = mistype(m.rng, strings.Join(some, " "))
	case 3:
		q.Text = `"` + strings.Join(some, " ") + `"`
	case 4:
		q.Text = strings.Join(some, " ") + " " + m.filter()
	case 5:
		q.Text = m.filter() + " " + m.filter()
		q.Offset = m.rng.IntN(3)
	case 6:
		q.Text = strings.Join(some, " ") + " -" + words[m.rng.IntN(len(words))]
		v := m.value("service")
		q.Filters = map[string][]string{"service": {v}, "status": {m.value("status"), m.value("status")}}
	default:
		q.Text = strings.Join(some, " ")
	}
	if m.rng.IntN(4) == 0 {
		q.Text += " "
	}
	return q
}

func (m queryMaker) value(field string) string {
	values := m.values[field]
	return values[m.rng.IntN(len(values))]
}

func (m queryMaker) filter() string {
	switch m.rng.IntN(8) {
	case 0:
		return "kind:" + m.value("kind")
	case 1:
		return "has:lessons"
	case 2:
		return "after:" + m.value("year")
	case 3:
		return "before:" + m.value("year") + "-07"
	case 4:
		return "-status:" + m.value("status")
	case 5:
		return `by:"` + m.value("deployer") + `"`
	case 6:
		return "colour:red"
	}
	return "env:" + m.value("environment")
}

// mistype changes, drops, doubles or swaps one letter.
func mistype(rng *rand.Rand, s string) string {
	r := []rune(s)
	i := rng.IntN(len(r))
	switch rng.IntN(4) {
	case 0:
		r[i] = 'x'
	case 1:
		r = append(r[:i], r[i+1:]...)
	case 2:
		r = append(r[:i+1], r[i:]...)
	default:
		if i > 0 {
			r[i], r[i-1] = r[i-1], r[i]
		}
	}
	return string(r)
}

// TestEnginesFoldAlike holds the words that both make of a text together.
func TestEnginesFoldAlike(t *testing.T) {
	t.Parallel()
	b := build(t, example)
	tab := b.ask(t, b.url)
	texts := []string{"SESSION_STORE_URL getUserById HTTPServer roll-back v1.4.2 10.0.0.2 14:30 2024-08-31T14:30:05.123Z 2024-08-31-14-30",
		"don't O’Sullivan Håkansson 李晓梅 田中 陽子 データベース 김민준 Юлия ½ ⑴ scores-api /var/lib/docker:8080 E11000 (foo.bar) a.b.c it's end. 99.95 %",
		"İSTANBUL ΟΔΥΣΣΕΎΣ ǅ ﬁx ㎏ Straße ÆØÅ कार्यान्वयन עִבְרִית العَرَبِيَّة ไทย 3f2c9ab0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6",
		strings.Repeat("x", 100), strings.Repeat("a-b", 30), "naïve-ÉTÉ_x", "\U0001f600\U00020000\U00020001", "1:2 12:34:5 12:345 7:08Z 7:08a 123:45",
		"C++ C# .NET F#. (.env) /.git/x a.b .Net+ C+++ C#x C++の 「.x」 g++", "v1.10.0-rc.1 V2.0 v.1.2 TLSv1.3 TLS1.3 web-v1.4.2-rc.1+build.5 backup-2024-08-31.tar.gz ip-10-2-3-4.ec2.internal 1_2-3 1'000 v345 0x80070005 0xFFFFFFFFFFFFFFFF",
		"node-1 PR_7 a-1 a-b-c-d-e-f-g-hh-1 2024-08-31-web-v1.4.2-rc.1 a-2024-08-31-b 2024-08-31.tar.gz CVE-2024-3094 2024-3094 1-2-3-4a5-6-7-8 a1-2-3-4-5 linux-image-5.15.0-91-generic_amd64 1-2-3-4-5-6-7-8-9 a-b-c-d-e-f-g-1.2 é1.2é ½-½ ⒈2 1.½",
		"14:30:05.123abc 14:30:05Zulu 14:30:567 14:30.5 2024-08-31-14-30-2 2024-08-31-14-30x 2024-08-31T1x 2024-08-31Tx x2024-08-31T12:00 2024-8-31T12:00"}
	for r := rune(0x80); r < 0x3000; r++ {
		if r%16 == 0 {
			texts = append(texts, "")
		}
		// What a newer Unicode has, Go and the browser may know at different times.
		if unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cf) {
			texts[len(texts)-1] += " a" + string(r) + "B"
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	pieces := []string{"12", "2024-08-31", "T", "Z", ":", "-", "_", ".", "'", "’", " ", "a", "B", "cD", "é", "漢", "の", "v1", "v", "V", "#", "++", "0x", "1.2", "0", "/", "f00", "ß", "\u0301"}
	for range 2000 {
		text := ""
		for range 1 + rng.IntN(9) {
			text += pieces[rng.IntN(len(pieces))]
		}
		texts = append(texts, text)
	}
	asked, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	said := eval[string](t, tab, fmt.Sprintf(`JSON.stringify(%s.map(s => deploysiteSearch.words(s).map(w => [s.slice(w.start, w.end)].concat(w.terms, w.terms.map(deploysiteSearch.stem)).join(" "))))`, asked))
	var got [][]string
	if err := json.Unmarshal([]byte(said), &got); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if diff := cmp.Diff(search.Words(text), got[i], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%q: -Go +JavaScript\n%s", text, diff)
		}
	}
}

// TestEnginesSeeAlike holds what both find for a pasted error together, and the
// browser to the rates of "seen before".
func TestEnginesSeeAlike(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	queries, err := labelled.Write(dir)
	if err != nil {
		t.Fatal(err)
	}
	b := build(t, dir)
	ix, err := b.site.SearchIndex()
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, q := range queries {
		texts = append(texts, q.Text)
	}
	texts = append(texts, "", "12:00 4711", "error", "permission denied", "\U0001f600 \ufeff\u202e \x00 e\u0301chec ΟΔΥΣΣΕΎΣ ǅ 0x1F feed E11000 x509 sha256:ab12",
		"'a b' \"c.d/e@f\" «g» 「署名の検証に失敗」。署名 a.b. c/d", strings.Repeat("ERROR: relation \"x\" already exists; ", 3000), strings.Repeat("INFO all is well\n", 500)+"FATAL: sorry, too many clients already")
	asked, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	said := get(t, b.ask(t, b.url), chromedp.Evaluate[string](fmt.Sprintf(`(async () => {
		const all = [];
		for (const text of %s) all.push((await engine.similar(text)).results.map(x => x.id + " " + Math.round(x.likeness * 1000) + " " + x.kind + " " + x.url + " "
			+ x.excerpt.map(p => p.mark ? "[" + p.text + "]" : p.text).join("") + "|" + x.resolution));
		return JSON.stringify(all);
	})()`, asked), chromedp.EvalAwaitPromise))
	var got [][]string
	if err := json.Unmarshal([]byte(said), &got); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		found, err := ix.Similar(t.Context(), recall.Of(text), 0)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, r := range found {
			want = append(want, fmt.Sprintf("%s %d %s %s %s|%s", r.ID, int(r.Likeness*1000+0.5), r.Kind, r.URL, marked(r.Excerpt), *r.Resolution))
		}
		if diff := cmp.Diff(want, got[i], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%.200q: -Go +JavaScript\n%s", text, diff)
		}
	}
	firsts := make([]string, len(queries))
	for i := range queries {
		if len(got[i]) > 0 {
			firsts[i], _, _ = strings.Cut(got[i][0], " ")
		}
	}
	labelled.Check(t, "the search page", queries, firsts)
}
