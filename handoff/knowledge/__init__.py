"""The help articles in the gateway: public pages, the widget's search, what the desk suggests."""
