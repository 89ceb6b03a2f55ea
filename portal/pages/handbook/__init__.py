"""The editors' handbook: one screen a task (fixtures/handbook.toml), its pictures made from the demo by a script."""
