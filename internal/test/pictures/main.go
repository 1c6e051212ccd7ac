// Pictures takes the pictures of the guide and the README: pages of the example, as a
// browser shows them.
//
//	go run ./internal/test/pictures SITE FOLDER
package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/deploysite/deploysite/internal/test/chromium"
)

// A picture is what is seen of a page, without scrolling.
type picture struct {
	name, page    string
	ready         string // what is there once the page is whole, for CSS
	scheme        string // "light" or "dark"
	width, height int64
}

var pictures = []picture{
	{"home", "", "main", "light", 1280, 900},
	{"record", "records/2026-09-08-20-00/", "main", "light", 1280, 900},
	{"search", "search/?q=x509", "[data-hits] h2", "light", 1280, 900},
	{"lessons", "lessons/", "main", "dark", 1280, 900},
	{"phone", "", "main", "dark", 390, 844},
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: pictures SITE FOLDER")
		os.Exit(2)
	}
	if err := take(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func take(site, folder string) error {
	if _, err := os.Stat(filepath.Join(site, "index.html")); err != nil {
		return fmt.Errorf("there is no site: %w", err) // its pages would be waited for
	}
	server := httptest.NewServer(http.FileServer(http.Dir(site)))
	defer server.Close()
	browser, stop, err := chromium.Start(context.Background())
	if err != nil {
		return err
	}
	defer stop()
	for _, p := range pictures {
		image, err := p.take(browser, server.URL)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, p.name+".png"), image, 0o666)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// take returns the picture as PNG.
func (p picture) take(browser context.Context, address string) ([]byte, error) {
	tab, closeTab := chromedp.NewContext(browser)
	defer closeTab()
	_, err := chromedp.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: p.scheme}}})
	if err != nil {
		return nil, err
	}
	err = chromedp.Do(tab, chromedp.EmulateViewport(p.width, p.height), chromedp.Navigate(address+"/"+p.page),
		chromedp.WaitReady(p.ready))
	if err != nil {
		return nil, err
	}
	return chromedp.Run(tab, chromedp.CaptureScreenshot())
}
