package text

import "testing"

func TestSame(t *testing.T) {
	for _, pair := range [][2]string{
		{"Shop", "SHOP"}, {"Zürich", "Zu\u0308rich"}, {"ÜBERGABE", "u\u0308bergabe"}, {"Straße", "STRASSE"}, {"Ada  Park", "ada park"}, {"ｓhop", "ｓHOP"},
	} {
		if !Same(pair[0], pair[1]) {
			t.Errorf("%q and %q are not the same", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"shop", "shops"}, {"Zürich", "Zurich"}, {"a-b", "a b"}, {"", "x"}} {
		if Same(pair[0], pair[1]) {
			t.Errorf("%q and %q are the same", pair[0], pair[1])
		}
	}
}

func TestTry(t *testing.T) {
	if got := Try("a", func(string) string { panic("boom") }); got != "a" {
		t.Errorf("a text that something fails on becomes %q", got)
	}
}
