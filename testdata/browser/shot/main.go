// Command shot takes a picture of the top of an HTML file.
//
//	go run ./shot [-width 1280] [-height 1450] [-dark] REPORT.html PICTURE.png
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/nines-slo/nines/testdata/browser/chrome"
)

func main() {
	width := flag.Int64("width", 1280, "of the picture, px")
	height := flag.Int64("height", 1450, "of the picture, px")
	dark := flag.Bool("dark", false, "in the dark scheme")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: shot [-width px] [-height px] [-dark] REPORT.html PICTURE.png")
		os.Exit(2)
	}
	if err := shoot(flag.Arg(0), flag.Arg(1), *width, *height, *dark); err != nil {
		fmt.Fprintln(os.Stderr, "shot:", err)
		os.Exit(3)
	}
}

// shoot writes a picture of the page to the file named picture.
func shoot(page, picture string, width, height int64, dark bool) error {
	path := chrome.Path()
	if path == "" {
		return errors.New("no chromium found: install it, or put it on the path")
	}
	file, err := filepath.Abs(page)
	if err != nil {
		return err
	}
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	tab, cancel := chrome.New(context.Background(), path)
	defer cancel()
	if err := chromedp.Do(tab, chromedp.EmulateViewport(width, height)); err != nil {
		return err
	}
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}
	if _, err := chromedp.Call(tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		return err
	}
	if err := chromedp.Do(tab, chromedp.Navigate("file://"+file), chromedp.WaitReady(chromedp.CSS("html[data-ready]"))); err != nil {
		return err
	}
	png, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	return os.WriteFile(picture, png, 0o644)
}
