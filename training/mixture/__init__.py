"""People's pages mixed with texts of unseen generators and weighed as `firsthand curate` does: no model is trained."""
