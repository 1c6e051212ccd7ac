package search

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"plain": "plain", "Håkansson": "hakansson", "HAKANSSON": "hakansson", "Ha\u030akansson": "hakansson",
		"Straße": "strasse", "Ærøskøbing": "aeroskobing", "Łódź": "lodz", "Đà": "da", "Þórdís": "thordis", "İPEK": "ipek", "ıİ": "ii",
		"ﬁx": "fix", "ΟΔΥΣΣΕΎΣ": "οδυσσευσ", "Οδυσσέας": "οδυσσεασ", "Юлия": "юлия", "김민준": "김민준",
		"データ": "データ", "か\u3099": "が", "कार्य": "कार्य", "العَرَبِيَّة": "العربية",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
		if again := Fold(want); again != want {
			t.Errorf("Fold(%q) = %q: folding twice is not folding once", want, again)
		}
	}
}

// terms joins what eachWord gives: words apart by blanks, terms by "|".
func terms(text string) string {
	var all []string
	eachWord(text, func(w word) { all = append(all, strings.Join(w.terms, "|")) })
	return strings.Join(all, " ")
}

func TestWordsAreFoundWholeAndInParts(t *testing.T) {
	for in, want := range map[string]string{
		"the lock, again.":                "the lock again",
		"SESSION_STORE_URL":               "sessionstoreurl|session|store|url",
		"getUserById":                     "getuserbyid|get|user|by|id",
		"HTTPServer":                      "httpserver|http|server",
		"roll-back":                       "rollback|roll|back",
		"scores-api":                      "scoresapi|scores|api",
		"v1.4.2, 10.0.0.2":                "1.4.2 10.0.0.2",
		"14:30 7:05:01.25Z":               "14:30 7:05",
		"2024-08-31T14:30:05.123Z":        "20240831 14:30",
		"2024-08-31-14-30":                "20240831 14:30",
		"2024-08-31":                      "20240831",
		"don't O’Sullivan":                "dont|don osullivan|sullivan",
		"/var/lib/docker:8080":            "var lib docker 8080",
		"ECONNREFUSED E11000 ORA-00942":   "econnrefused e11000 ora00942|ora|00942",
		"foo.bar app.log.":                "foo.bar|foo|bar app.log|app|log",
		"99.95 %":                         "99.95",
		"-a- _b_ --":                      "a b",
		"李晓梅 x":                           "李晓 晓梅 x",
		"田 中":                             "田 中",
		"データベース":                          "デー ータ タベ ベー ース",
		"Ünïcode ½":                       "unicode 12",
		"3f2c9ab0c1d2e3f4a5b6c7d8e9f0a1b": "3f2c9ab0c1d2",
		"1-2-3-4-5-6-7-8-9":               "1-2-3-4-5-6-7-8-9",
		"a-b-c-d-e-f-g-h-i":               "abcdefghi",
		"V1.10 v.1.10 v345 v2":            "1.10 1.10 v345|345 v2",
		"v2.0.0-beta.2":                   "2.0.0beta2|beta2|beta",
		"web-v1.4.2-rc.1":                 "webv1.4.2rc1|1.4.2rc1|rc1|web|rc",
		"4.0.0-rc.1+build.5":              "4.0.0rc1|rc1|rc build5|build",
		"TLSv1.3 TLS1.3":                  "tlsv1.3|1.3|tls tls1.3|1.3|tls",
		"CVE-2024-3094":                   "cve2024-3094|2024-3094|cve|2024|3094",
		"ip-10-2-3-4 ip-10-23-4-4":        "ip10.2.3.4|10.2.3.4|ip ip10.23.4.4|10.23.4.4|ip",
		"backup-2024-08-31":               "backup2024-08-31|20240831|backup",
		"2024-08-31-web-v1.4.2":           "20240831webv1.4.2|20240831|1.4.2|web",
		"node-1 PR_7 a-1":                 "node1|node|1 pr7|pr|7 a1",
		"rc.1 0x80070005":                 "rc1|rc 0x80070005|80070005",
		"C++, C# and .NET, not C":         "c++|c c#|c and .net|net not c",
		"issue#12 a+b end. so":            "issue 12 a b end so",
		"":                                "",
		"🚀 ✅":                             "",
	} {
		if got := terms(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestLongTermsAreCut(t *testing.T) {
	for _, c := range []string{"x", "ü", "𝔘"} {
		long := strings.Repeat(c, 1<<20)
		got := terms(long)
		if n := utf8.RuneCountInString(got); n != maxTerm {
			t.Errorf("%d times %q is a term of %d characters", 1<<20, c, n)
		}
		if terms(long+c) != got {
			t.Errorf("a longer one is another term")
		}
	}
}

func TestStemGroups(t *testing.T) {
	for _, group := range []string{
		"deploy deploys deployed deploying deployment deployments",
		"migrate migrates migrated migrating migration migrations",
		"stop stops stopped stopping",
		"renew renews renewed renewing renewal renewals",
		"certificate certificates certification",
		"configure configures configured configuring configuration config",
		"policy policies", "retry retries retried retrying",
		"fail fails failed failing failure failures",
		"cache caches cached caching", "process processes processed processing",
		"restart restarts restarted restarting", "control controls controlled controlling",
		"validate validates validated validation valid", "time times timed timing", "index indexes indexed indexing",
	} {
		words := strings.Fields(group)
		for _, w := range words {
			if Stem(w) != Stem(words[0]) {
				t.Errorf("%s → %s, but %s → %s", w, Stem(w), words[0], Stem(words[0]))
			}
		}
	}
	for _, apart := range []string{"portal port", "signal sign", "status state", "string str", "access acces", "need ne", "format form", "server serve"} {
		a, b, _ := strings.Cut(apart, " ")
		if Stem(a) == Stem(b) {
			t.Errorf("%s and %s both → %s", a, b, Stem(a))
		}
	}
}

// FuzzWords holds the promises that the index rests on: places lie within the
// text and in order, terms are folded, short, and free of what separates them,
// and a stem begins its word.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"getUserById v1.4.2", "2024-08-31-14-30 14:30:05Z", "李晓梅", "a\xffb", "½⑴", "’_’", "web-v1.4.2-rc.1", ".C++", "ip-10-2-3-4", "T14 2024-08-31T1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at := 0
		eachWord(s, func(w word) {
			if w.start < at || w.end <= w.start || w.end > len(s) {
				t.Fatalf("word at %d to %d after %d of %d", w.start, w.end, at, len(s))
			}
			at = w.start
			if len(w.terms) == 0 {
				t.Fatal("a word without terms")
			}
			for _, term := range w.terms {
				if term == "" || utf8.RuneCountInString(term) > maxTerm || strings.ContainsAny(term, " \n\"") || !utf8.ValidString(term) {
					t.Fatalf("term %q", term)
				}
				if !strings.HasPrefix(term, Stem(term)) {
					t.Fatalf("stem of %q is %q", term, Stem(term))
				}
			}
		})
	})
}

func FuzzNumbers(f *testing.F) {
	f.Add(0, 1, -1)
	f.Add(31, 32, 1<<30)
	f.Fuzz(func(t *testing.T, a, b, c int) {
		a, b, c = a&(1<<40-1), b&(1<<40-1), c%(1<<38)
		r := numbers{text: string(appendSigned(appendWide(appendNumber(nil, a), b), c))}
		if got := []int{r.next(), r.wide(), r.signed()}; !cmp.Equal(got, []int{a, b, c}) {
			t.Errorf("%d, %d, %d are read as %v", a, b, c, got)
		}
	})
}

func TestFrontsReadBack(t *testing.T) {
	words := []string{"", "a", "ab", "abc", "abd", strings.Repeat("x", 64), strings.Repeat("x", 63) + "y", "ü", "üa", "李晓"}
	var f fronts
	for _, w := range words {
		f.add(w)
	}
	if diff := cmp.Diff(words, readFronts(string(f.out))); diff != "" {
		t.Error(diff)
	}
}

func TestLogarithm(t *testing.T) {
	for _, test := range []struct{ a, b, want int }{{1, 1, 0}, {2, 1, 16}, {3, 2, 9}, {10000, 1, 212}, {100, 99, 0}, {1 << 20, 1, 320}} {
		if got := log16(test.a, test.b); got != test.want {
			t.Errorf("log16(%d, %d) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

// A term with a blank in it would part the terms of a shard in the wrong place.
func TestNoTermHasABlank(t *testing.T) {
	for _, text := range []string{"か゛き and ゛ ゜ここ", "ﾞ゛", "a\u00a0b \u2003c", "ﷺ ﷲ", "½ ㎞/h ㏂", "´a ¨b ‗c"} {
		eachWord(text, func(w word) {
			for _, term := range w.terms {
				if term == "" || strings.ContainsAny(term, " \t\n") {
					t.Errorf("%q has the term %q", text, term)
				}
			}
		})
	}
}
