"""The demo county: `load()` builds it from fixtures/demo, `remove()` takes exactly those rows and files away again."""
