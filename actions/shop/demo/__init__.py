"""The demo shop: data made from a seed and a clock, the same for the same two, byte for byte."""

from actions.shop.demo.dataset import SEED, DemoCustomer, demo_customers, generate

__all__ = ["SEED", "DemoCustomer", "demo_customers", "generate"]
