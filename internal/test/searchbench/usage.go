package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"unicode"
)

// Each session opens the search anew and asks one query after the other, as
// somebody does who looks for something.
const (
	sessions          = 6
	queriesPerSession = 10
)

// usage is what a browser needs to search a long history.
type usage struct {
	firstBytes   int64 // over the wire for the first query of a session, code included; the median
	furtherBytes int64 // for each query after it; the median
	cold         times // the first query, with loading everything
	further      times // each query after it, with loading what it needs
	warm         times // each keystroke of the queries, typed a second time
}

// times are in milliseconds.
type times struct{ median, p95 float64 }

func timesOf(ms []float64) times { return times{quantile(ms, 0.5), quantile(ms, 0.95)} }

// use measures one engine on a site that it has indexed.
func use(b browser, s built, e engine, queries []string, stderr io.Writer) (usage, error) {
	server, err := serve(s.dir)
	if err != nil {
		return usage{}, err
	}
	defer server.Close()
	var m meter
	for i := range sessions {
		fmt.Fprintf(stderr, "%s, session %d of %d\n", e.name, i+1, sessions)
		mine := queries[i*queriesPerSession : (i+1)*queriesPerSession]
		if err := m.session(b, server, e, mine, i == sessions-1); err != nil {
			return usage{}, fmt.Errorf("%s: %w", e.name, err)
		}
	}
	return usage{quantile(m.firstBytes, 0.5), quantile(m.furtherBytes, 0.5),
		timesOf(m.cold), timesOf(m.further), timesOf(m.warm)}, nil
}

// meter keeps what was measured, one value for each query or keystroke.
type meter struct {
	firstBytes, furtherBytes []int64
	cold, further, warm      []float64
}

// session measures one session; the last one goes on with typing.
func (m *meter) session(b browser, server *server, e engine, queries []string, last bool) error {
	page, err := b.open(server.url + pagesDir + "/" + e.name + ".html")
	if err != nil {
		return err
	}
	defer page.close()
	before := server.sent.Load()
	a, err := page.first(queries[0])
	if err != nil {
		return err
	}
	m.firstBytes = append(m.firstBytes, server.sent.Load()-before)
	m.cold = append(m.cold, a.Ms)
	for _, q := range queries[1:] {
		before := server.sent.Load()
		answers, err := page.ask([]string{q})
		if err != nil {
			return err
		}
		m.furtherBytes = append(m.furtherBytes, server.sent.Load()-before)
		m.further = append(m.further, answers[0].Ms)
	}
	if !last {
		return nil
	}
	return m.typing(page, queries)
}

// typing types each query twice, from its second letter on. The first time
// loads what is needed, the second is measured.
func (m *meter) typing(page session, queries []string) error {
	for _, q := range queries {
		for turn := range 2 {
			answers, err := page.ask(keystrokes(q))
			if err != nil {
				return err
			}
			for _, a := range answers {
				if turn == 1 {
					m.warm = append(m.warm, a.Ms)
				}
			}
		}
	}
	return nil
}

// keystrokes are what stands in the box while q is typed.
func keystrokes(q string) []string {
	var typed []string
	letters := []rune(q)
	for n := 2; n <= len(letters); n++ {
		if letters[n-1] != ' ' {
			typed = append(typed, string(letters[:n]))
		}
	}
	return typed
}

// queriesFor makes n queries up from what the texts say: two words of a note,
// with a service or a person before them at times. One in five has two letters
// swapped.
func queriesFor(texts []text, n int, seed uint64) []string {
	rng := rand.New(rand.NewPCG(seed, 0))
	var queries []string
	for len(queries) < n {
		t := texts[rng.IntN(len(texts))]
		words := longWords(t.Notes)
		if len(words) < 2 || t.People == "" {
			continue
		}
		q := pick(rng, words) + " " + pick(rng, words)
		switch rng.IntN(4) {
		case 0:
			q = t.Service + " " + q
		case 1:
			q = strings.ToLower(pick(rng, strings.Fields(t.People))) + " " + q
		}
		if len(queries)%5 == 4 {
			q = swapLetters(rng, q)
		}
		queries = append(queries, q)
	}
	return queries
}

func pick(rng *rand.Rand, words []string) string { return words[rng.IntN(len(words))] }

// longWords are those with five letters or more, in lower case.
func longWords(s string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len([]rune(w)) >= 5 {
			words = append(words, w)
		}
	}
	return words
}

// swapLetters swaps two letters in the last word.
func swapLetters(rng *rand.Rand, q string) string {
	letters := []rune(q)
	start := len([]rune(q[:strings.LastIndex(q, " ")+1]))
	i := start + rng.IntN(len(letters)-start-1)
	letters[i], letters[i+1] = letters[i+1], letters[i]
	return string(letters)
}
