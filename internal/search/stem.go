package search

import "strings"

// Stem is an English word without its endings. It only cuts: a stem begins all
// of its words, so that an index of plain words has them side by side and needs
// no stems in it. It knows inflections and the few derivations that records are
// full of.
//
//	deploys, deployed, deploying, deployment → deploy
//	migrate, migrates, migrating, migration → migr
//	stop, stops, stopped, stopping → stop
//
// search-engine.js does the same.
func Stem(w string) string {
	if !isEnglish(w) {
		return w
	}
	one := cutPlural(w)
	verb, doubled := cutVerb(one)
	changed := verb != one || len(w)-len(one) == 2
	w = verb
	for _, e := range []string{"ment", "ion", "al"} {
		if stem, ok := cutEnding(w, e, minStem[e]); ok && (e != "ion" || strings.ContainsAny(stem[len(stem)-1:], "st")) {
			w, changed = stem, changed || e == "ion"
			break
		}
	}
	if stem, ok := cutEnding(w, "e", 3); ok {
		w, changed = stem, true
	} else if stem, ok := cutEnding(w, "y", 3); ok && !isVowel(stem[len(stem)-1]) {
		w = stem
	}
	if stem, ok := cutEnding(w, "at", 4); ok && changed && !doubled && !strings.HasSuffix(stem, "e") {
		w = stem
	}
	if stem, ok := cutEnding(w, "ur", 4); ok && changed {
		return stem
	}
	if strings.HasSuffix(w, "ll") && len(w) > 5 {
		return w[:len(w)-1]
	}
	return w
}

// minStem is how many letters must be left, so that "portal" is no port.
var minStem = map[string]int{"ment": 4, "ion": 4, "al": 5}

func isEnglish(w string) bool {
	for i := range len(w) {
		if !isLower(w[i]) {
			return false
		}
	}
	return len(w) > 3
}

func isVowel(b byte) bool { return strings.IndexByte("aeiou", b) >= 0 }

// cutEnding takes an ending off if enough is left, with a vowel in it.
func cutEnding(w, ending string, least int) (string, bool) {
	stem, ok := strings.CutSuffix(w, ending)
	if !ok || len(stem) < least || !strings.ContainsAny(stem, "aeiouy") {
		return w, false
	}
	return stem, true
}

func cutPlural(w string) string {
	for _, e := range []string{"ies", "es", "s"} {
		stem, ok := cutEnding(w, e, 3)
		if ok && (e != "s" || !strings.ContainsAny(stem[len(stem)-1:], "sui")) {
			return stem
		}
	}
	return w
}

// cutVerb cuts "ed" and "ing", and one of two letters that they doubled.
func cutVerb(w string) (stem string, doubled bool) {
	for _, e := range []string{"ied", "ed", "ings", "ing"} {
		stem, ok := cutEnding(w, e, 3)
		if !ok || e == "ed" && strings.HasSuffix(stem, "e") {
			continue
		}
		n := len(stem)
		if n > 3 && stem[n-1] == stem[n-2] && !strings.ContainsAny(stem[n-1:], "lsz") {
			return stem[:n-1], true
		}
		return stem, false
	}
	return w, false
}
